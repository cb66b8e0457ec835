import type { generateDataKeyPairWithoutPlaintext as operation } from '../../../functions/crypto/generate-data-key-pair-without-plaintext/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { makeDataKeyPair } from './wrap-data-key-pair.ts';

export const generateDataKeyPairWithoutPlaintext: OperationHandler<typeof operation> = async (input, context) => {
  const { answer } = await makeDataKeyPair(context, input, 'GenerateDataKeyPairWithoutPlaintext');
  return answer;
};
