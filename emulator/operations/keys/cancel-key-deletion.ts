import type { cancelKeyDeletion as operation } from '../../../functions/keys/cancel-key-deletion/operation.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { isMaterialMissing } from '../import/imported-materials.ts';
import { setKeyState } from '../key-stores/find-key-store.ts';

export const cancelKeyDeletion: OperationHandler<typeof operation> = (input, context) => {
  const key = changeKey(context, input.KeyId, 'CancelKeyDeletion', (cancelled) => {
    const { record } = cancelled;
    // AWS leaves it disabled: whoever wants it back enables it. Without its imported material it cannot be.
    const waits = record.origin === 'EXTERNAL' && isMaterialMissing(context.store, cancelled);
    if (waits) record.state = 'PendingImport';
    else setKeyState(context.store, cancelled, 'Disabled');
    delete record.deletionMs;
    delete record.pendingWindowDays;
  });
  return { KeyId: key.arn };
};
