import type { generateDataKey as operation } from '../../../functions/crypto/generate-data-key/operation.ts';
import type { Action } from '../../action.ts';
import { makeDataKey } from '../../keys/data-key.ts';
import { deliveryTo } from '../../keys/recipient.ts';

export const generateDataKey: Action<typeof operation> = (input, context) => {
  const deliver = deliveryTo(input.Recipient);
  const { key, plaintext, ciphertext, materialId } = makeDataKey(context, input, 'GenerateDataKey');
  return {
    CiphertextBlob: ciphertext,
    ...deliver('Plaintext', plaintext),
    KeyId: key.arn,
    KeyMaterialId: materialId,
  };
};
