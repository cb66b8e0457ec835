import type { disableKeyRotation as operation } from '../../../functions/rotation/disable-key-rotation/operation.ts';
import type { Action } from '../../action.ts';
import { changeKey } from '../../keys/change-key.ts';
import { refuseKeyStoreKey } from '../../keys/key-store-key.ts';
import { requirePrimary } from '../../keys/multi-region.ts';

export const disableKeyRotation: Action<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'DisableKeyRotation', (key) => {
    refuseKeyStoreKey(key);
    requirePrimary(key);
    // No error for a key that cannot rotate: AWS lets it pass.
    delete key.record.rotation;
  });
  return {};
};
