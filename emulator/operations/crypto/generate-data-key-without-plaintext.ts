import type { generateDataKeyWithoutPlaintext as operation } from '../../../functions/crypto/generate-data-key-without-plaintext/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { generateWrappedDataKey } from './wrapped-data-key.ts';

export const generateDataKeyWithoutPlaintext: OperationHandler<typeof operation> = (input, context) => {
  const { key, ciphertext, materialId } = generateWrappedDataKey(context, input, 'GenerateDataKeyWithoutPlaintext');
  return { CiphertextBlob: ciphertext, KeyId: key.arn, KeyMaterialId: materialId };
};
