import type { generateDataKeyPair as operation } from '../../../functions/crypto/generate-data-key-pair/operation.ts';
import type { Action } from '../../action.ts';
import { makeDataKeyPair } from '../../keys/data-key-pair.ts';
import { deliveryTo } from '../../keys/recipient.ts';

export const generateDataKeyPair: Action<typeof operation> = async (input, context) => {
  const deliver = deliveryTo(input.Recipient);
  const { answer, privateKey } = await makeDataKeyPair(context, input, 'GenerateDataKeyPair');
  return { ...answer, ...deliver('PrivateKeyPlaintext', privateKey) };
};
