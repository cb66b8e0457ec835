import type { disableKey as operation } from '../../../functions/keys/disable-key/operation.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { setKeyState } from '../key-stores/key-store-connection.ts';

export const disableKey: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'DisableKey', (key) => {
    setKeyState(context.store, key, 'Disabled');
  });
  return {};
};
