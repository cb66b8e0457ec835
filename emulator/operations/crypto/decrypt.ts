import type { decrypt as operation } from '../../../functions/crypto/decrypt/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { ciphertextOf } from './ciphertext-member.ts';
import { endDryRun } from './dry-run.ts';
import { deliveryTo } from './encrypt-for-recipient.ts';
import { decryptWith, symmetricAlgorithm } from './encrypt-with-key.ts';
import { recordUsage } from './record-usage.ts';

export const decrypt: OperationHandler<typeof operation> = async (input, context) => {
  const algorithm = input.EncryptionAlgorithm ?? symmetricAlgorithm;
  const deliver = deliveryTo(input.Recipient);
  const ciphertext = ciphertextOf(input, context, 'Decrypt', { member: 'keyId', id: input.KeyId, algorithm });
  const { KeyId: keyId, EncryptionContext: encryptionContext } = input;
  const decryption = { keyId, algorithm, ciphertext, encryptionContext };
  const { key, plaintext, materialId } = await decryptWith(context, 'Decrypt', decryption);
  endDryRun(input.DryRun);
  recordUsage(context, key, 'Decrypt');
  return {
    KeyId: key.arn,
    ...deliver('Plaintext', plaintext),
    EncryptionAlgorithm: algorithm,
    KeyMaterialId: materialId,
  };
};
