import type { CallRecord } from '../../../shared/observability/call-record.ts';
import type { TimedRecord } from './records-in.ts';

/** What changed in the life of a key, by the operation that did it; the `detail-type` of its event. */
export const lifecycleTypes: Readonly<Record<string, string>> = {
  CreateKey: 'Key Created',
  ReplicateKey: 'Key Replicated',
  UpdatePrimaryRegion: 'Key Primary Region Changed',
  EnableKey: 'Key Enabled',
  DisableKey: 'Key Disabled',
  ScheduleKeyDeletion: 'Key Deletion Scheduled',
  CancelKeyDeletion: 'Key Deletion Cancelled',
  RotateKeyOnDemand: 'Key Rotated',
  EnableKeyRotation: 'Key Rotation Enabled',
  DisableKeyRotation: 'Key Rotation Disabled',
  ImportKeyMaterial: 'Key Material Imported',
  DeleteImportedKeyMaterial: 'Key Material Deleted',
  PutKeyPolicy: 'Key Policy Changed',
  CreateGrant: 'Grant Made',
  RetireGrant: 'Grant Retired',
  RevokeGrant: 'Grant Revoked',
};

export interface LifecycleEvent {
  readonly type: string;
  readonly timestampMs: number;
  readonly record: CallRecord;
}

/** Of the calls that succeeded, those that changed the life of a key. */
export function lifecycleEvents(records: readonly TimedRecord[]): LifecycleEvent[] {
  return records.flatMap(({ timestampMs, record }) => {
    const type = lifecycleTypes[record.operation];
    return type === undefined || record.outcome !== 'OK' ? [] : [{ type, timestampMs, record }];
  });
}
