import { randomBytes } from 'node:crypto';
import type { generateRandom as operation } from '../../../functions/crypto/generate-random/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection } from '../key-stores/find-key-store.ts';
import { createDelivery } from './plaintext-delivery.ts';

export const generateRandom: OperationHandler<typeof operation> = (input, context) => {
  const deliver = createDelivery(input.Recipient);
  if (input.NumberOfBytes === undefined) throw new KmsError('ValidationException', 'NumberOfBytes is required.');
  if (input.CustomKeyStoreId !== undefined) {
    const keyStore = findKeyStore(context, input.CustomKeyStoreId);
    // Only AWS CloudHSM key stores generate random bytes
    // (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html).
    if (keyStore.record.type !== 'AWS_CLOUDHSM') {
      throw new KmsError(
        'UnsupportedOperationException',
        `Custom key store ${keyStore.keyStoreId} of type ${keyStore.record.type} is not valid for this operation.`,
      );
    }
    requireConnection(keyStore, 'CONNECTED');
  }
  return deliver('Plaintext', randomBytes(input.NumberOfBytes));
};
