import type { scheduleKeyDeletion as operation } from '../../../functions/keys/schedule-key-deletion/operation.ts';
import { dayMs } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';

/**
 * The range and default of PendingWindowInDays
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html).
 */
const windowDays = { min: 7, max: 30, default: 30 };

export const scheduleKeyDeletion: OperationHandler<typeof operation> = (input, context) => {
  const days = input.PendingWindowInDays ?? windowDays.default;
  if (days < windowDays.min || days > windowDays.max) {
    throw new KmsError(
      'ValidationException',
      `PendingWindowInDays must be between ${windowDays.min} and ${windowDays.max}`,
    );
  }
  const deletionMs = context.clock.now() + days * dayMs;
  const { arn, record } = changeKey(context, input.KeyId, 'ScheduleKeyDeletion', (key) => {
    const { record } = key;
    record.pendingWindowDays = days;
    // A primary with replicas has no deletion date. Its waiting period starts when its last replica is deleted.
    const hasReplicas = record.replicaOf === undefined && listRelatedKeys(context.store, key).length > 1;
    record.state = hasReplicas ? 'PendingReplicaDeletion' : 'PendingDeletion';
    if (!hasReplicas) record.deletionMs = deletionMs;
  });
  const DeletionDate = record.deletionMs === undefined ? undefined : new Date(record.deletionMs);
  return { KeyId: arn, DeletionDate, KeyState: record.state, PendingWindowInDays: days };
};
