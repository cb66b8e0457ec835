import type { generateDataKeyWithoutPlaintext as operation } from '../../../functions/crypto/generate-data-key-without-plaintext/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { makeDataKey } from './wrap-data-key.ts';

export const generateDataKeyWithoutPlaintext: OperationHandler<typeof operation> = (input, context) => {
  const { key, ciphertext, materialId } = makeDataKey(context, input, 'GenerateDataKeyWithoutPlaintext');
  return { CiphertextBlob: ciphertext, KeyId: key.arn, KeyMaterialId: materialId };
};
