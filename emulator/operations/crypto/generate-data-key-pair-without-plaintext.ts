import type { generateDataKeyPairWithoutPlaintext as operation } from '../../../functions/crypto/generate-data-key-pair-without-plaintext/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { generateWrappedDataKeyPair } from './wrapped-data-key-pair.ts';

export const generateDataKeyPairWithoutPlaintext: OperationHandler<typeof operation> = async (input, context) => {
  const { sharedMembers } = await generateWrappedDataKeyPair(context, input, 'GenerateDataKeyPairWithoutPlaintext');
  return sharedMembers;
};
