import type { generateDataKey as operation } from '../../../functions/crypto/generate-data-key/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { deliveryTo } from './encrypt-for-recipient.ts';
import { makeDataKey } from './wrap-data-key.ts';

export const generateDataKey: OperationHandler<typeof operation> = (input, context) => {
  const deliver = deliveryTo(input.Recipient);
  const { key, plaintext, ciphertext, materialId } = makeDataKey(context, input, 'GenerateDataKey');
  return {
    CiphertextBlob: ciphertext,
    ...deliver('Plaintext', plaintext),
    KeyId: key.arn,
    KeyMaterialId: materialId,
  };
};
