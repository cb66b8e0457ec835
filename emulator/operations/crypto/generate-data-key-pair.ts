import type { generateDataKeyPair as operation } from '../../../functions/crypto/generate-data-key-pair/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { deliveryTo } from './encrypt-for-recipient.ts';
import { makeDataKeyPair } from './wrap-data-key-pair.ts';

export const generateDataKeyPair: OperationHandler<typeof operation> = async (input, context) => {
  const deliver = deliveryTo(input.Recipient);
  const { answer, privateKey } = await makeDataKeyPair(context, input, 'GenerateDataKeyPair');
  return { ...answer, ...deliver('PrivateKeyPlaintext', privateKey) };
};
