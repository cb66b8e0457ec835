import type { CallRecord } from '../../../shared/observability/call-record.ts';
import type { TimedRecord } from './records-in.ts';

export interface LifecycleEvent {
  readonly type: string;
  readonly timestampMs: number;
  readonly record: CallRecord;
}

/** Returns an event for each successful call that changed the life of a key. */
export function lifecycleEvents(records: readonly TimedRecord[]): LifecycleEvent[] {
  const types = eventTypes();
  return records.flatMap(({ timestampMs, record }) => {
    const type = types[record.operation];
    return type === undefined || record.outcome !== 'OK' ? [] : [{ type, timestampMs, record }];
  });
}

/**
 * The `detail-type` of each operation's event. The deployment copies them from the declarations: importing the
 * declarations would make this function's bundle a third larger.
 */
function eventTypes(): Readonly<Record<string, string>> {
  return JSON.parse(process.env.LIFECYCLE_EVENTS || '{}');
}
