import type { generateDataKeyPair as operation } from '../../../functions/crypto/generate-data-key-pair/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { createDelivery } from './plaintext-delivery.ts';
import { generateWrappedDataKeyPair } from './wrapped-data-key-pair.ts';

export const generateDataKeyPair: OperationHandler<typeof operation> = async (input, context) => {
  const deliver = createDelivery(input.Recipient);
  const { sharedMembers, privateKey } = await generateWrappedDataKeyPair(context, input, 'GenerateDataKeyPair');
  return { ...sharedMembers, ...deliver('PrivateKeyPlaintext', privateKey) };
};
