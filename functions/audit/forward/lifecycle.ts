import type { CallRecord } from '../../../shared/observability/call-record.ts';
import type { TimedRecord } from './read-delivery.ts';

export interface LifecycleEvent {
  readonly type: string;
  readonly timestampMs: number;
  readonly record: CallRecord;
}

/** Returns an event for each successful call that changed a key's lifecycle. `types` maps operations to event types. */
export function toLifecycleEvents(
  records: readonly TimedRecord[],
  types: Readonly<Record<string, string>>,
): LifecycleEvent[] {
  return records.flatMap(({ timestampMs, record }) => {
    const type = types[record.operation];
    return type === undefined || record.outcome !== 'OK' || record.replayed ? [] : [{ type, timestampMs, record }];
  });
}
