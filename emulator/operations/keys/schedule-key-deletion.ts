import type { scheduleKeyDeletion as operation } from '../../../functions/keys/schedule-key-deletion/operation.ts';
import { dayMs } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';

/** Days (https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html). */
const window = { shortest: 7, longest: 30, byDefault: 30 };

export const scheduleKeyDeletion: OperationHandler<typeof operation> = (input, context) => {
  const days = input.PendingWindowInDays ?? window.byDefault;
  if (days < window.shortest || days > window.longest) {
    throw new KmsError(
      'ValidationException',
      `PendingWindowInDays must be between ${window.shortest} and ${window.longest}`,
    );
  }
  const deletionMs = context.clock.now() + days * dayMs;
  const { arn, record } = changeKey(context, input.KeyId, 'ScheduleKeyDeletion', (key) => {
    const { record } = key;
    record.pendingWindowDays = days;
    // A primary waits for its replicas first; without a date: the period begins when the last of them is gone.
    const hasReplicas = record.replicaOf === undefined && listRelatedKeys(context.store, key).length > 1;
    record.state = hasReplicas ? 'PendingReplicaDeletion' : 'PendingDeletion';
    if (!hasReplicas) record.deletionMs = deletionMs;
  });
  const DeletionDate = record.deletionMs === undefined ? undefined : new Date(record.deletionMs);
  return { KeyId: arn, DeletionDate, KeyState: record.state, PendingWindowInDays: days };
};
