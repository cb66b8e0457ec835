import type { updateKeyDescription as operation } from '../../../functions/keys/update-key-description/operation.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';

export const updateKeyDescription: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'UpdateKeyDescription', ({ record }) => {
    record.description = input.Description;
  });
  return {};
};
