import type { disableKey as operation } from '../../../functions/keys/disable-key/operation.ts';
import type { Action } from '../../action.ts';
import { changeKey } from '../../keys/change-key.ts';
import { setState } from '../../keys/key-stores.ts';

export const disableKey: Action<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'DisableKey', (key) => {
    setState(context.store, key, 'Disabled');
  });
  return {};
};
