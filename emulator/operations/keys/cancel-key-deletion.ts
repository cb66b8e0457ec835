import type { cancelKeyDeletion as operation } from '../../../functions/keys/cancel-key-deletion/operation.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { isMaterialMissing } from '../import/imported-materials.ts';
import { setKeyState } from '../key-stores/key-store-connection.ts';

export const cancelKeyDeletion: OperationHandler<typeof operation> = (input, context) => {
  const key = changeKey(context, input.KeyId, 'CancelKeyDeletion', (cancelled) => {
    const { record } = cancelled;
    // The key becomes Disabled, as in AWS KMS, or PendingImport if its imported material is missing.
    const needsImport = record.origin === 'EXTERNAL' && isMaterialMissing(context.store, cancelled);
    if (needsImport) record.state = 'PendingImport';
    else setKeyState(context.store, cancelled, 'Disabled');
    delete record.deletionMs;
    delete record.pendingWindowDays;
  });
  return { KeyId: key.arn };
};
