import type { disableKeyRotation as operation } from '../../../functions/rotation/disable-key-rotation/operation.ts';
import { throwIfInKeyStore } from '../../core/key-origin.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { requirePrimary } from '../replicas/related-keys.ts';

export const disableKeyRotation: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'DisableKeyRotation', (key) => {
    throwIfInKeyStore(key);
    requirePrimary(key, 'DisableKeyRotation');
    // AWS also accepts keys that cannot rotate, such as RSA keys.
    delete key.record.rotation;
  });
  return {};
};
