import type { decrypt as operation } from '../../../functions/crypto/decrypt/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { decryptWithKey } from './decrypt-with-key.ts';
import { symmetricAlgorithm } from './encryption-key.ts';
import { createDelivery } from './plaintext-delivery.ts';
import { recordUsage } from './record-usage.ts';
import { requireCiphertext } from './require-ciphertext.ts';

export const decrypt: OperationHandler<typeof operation> = async (input, context) => {
  const algorithm = input.EncryptionAlgorithm ?? symmetricAlgorithm;
  const deliver = createDelivery(input.Recipient);
  const ciphertext = requireCiphertext(input, context, 'Decrypt', { member: 'keyId', id: input.KeyId, algorithm });
  const { KeyId: keyId, EncryptionContext: encryptionContext } = input;
  const decryption = { keyId, algorithm, ciphertext, encryptionContext };
  const { key, plaintext, materialId } = await decryptWithKey(context, 'Decrypt', decryption);
  throwIfDryRun(input.DryRun);
  recordUsage(context, key, 'Decrypt');
  return {
    KeyId: key.arn,
    ...deliver('Plaintext', plaintext),
    EncryptionAlgorithm: algorithm,
    KeyMaterialId: materialId,
  };
};
