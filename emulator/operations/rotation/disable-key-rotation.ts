import type { disableKeyRotation as operation } from '../../../functions/rotation/disable-key-rotation/operation.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { refuseKeyStoreKey } from '../key-stores/key-store-key.ts';
import { requirePrimary } from '../replicas/multi-region.ts';

export const disableKeyRotation: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'DisableKeyRotation', (key) => {
    refuseKeyStoreKey(key);
    requirePrimary(key);
    // No error for a key that cannot rotate: AWS lets it pass.
    delete key.record.rotation;
  });
  return {};
};
