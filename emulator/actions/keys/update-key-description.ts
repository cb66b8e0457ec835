import type { updateKeyDescription as operation } from '../../../functions/keys/update-key-description/operation.ts';
import type { Action } from '../../action.ts';
import { changeKey } from '../../keys/change-key.ts';

export const updateKeyDescription: Action<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'UpdateKeyDescription', ({ record }) => {
    record.description = input.Description;
  });
  return {};
};
