import type { generateDataKey as operation } from '../../../functions/crypto/generate-data-key/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { createDelivery } from './plaintext-delivery.ts';
import { generateWrappedDataKey } from './wrapped-data-key.ts';

export const generateDataKey: OperationHandler<typeof operation> = (input, context) => {
  const deliver = createDelivery(input.Recipient);
  const { key, plaintext, ciphertext, materialId } = generateWrappedDataKey(context, input, 'GenerateDataKey');
  return {
    CiphertextBlob: ciphertext,
    ...deliver('Plaintext', plaintext),
    KeyId: key.arn,
    KeyMaterialId: materialId,
  };
};
