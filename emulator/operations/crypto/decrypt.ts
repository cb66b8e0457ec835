import type { decrypt as operation } from '../../../functions/crypto/decrypt/operation.ts';
import type { OperationOutput } from '../../../shared/declaration/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { ciphertextOf } from './ciphertext-member.ts';
import { endDryRun } from './dry-run.ts';
import { deliveryTo } from './encrypt-for-recipient.ts';
import { type Decrypted, decryptWith, symmetricAlgorithm } from './encrypt-with-key.ts';
import { recordUsage } from './record-usage.ts';

export const decrypt: OperationHandler<typeof operation> = (input, context) => {
  const algorithm = input.EncryptionAlgorithm ?? symmetricAlgorithm;
  const deliver = deliveryTo(input.Recipient);
  const ciphertext = ciphertextOf(input, context, 'Decrypt', { member: 'keyId', id: input.KeyId, algorithm });
  const answer = ({ key, plaintext, materialId }: Decrypted): OperationOutput<typeof operation> => {
    endDryRun(input.DryRun);
    recordUsage(context, key, 'Decrypt');
    return {
      KeyId: key.arn,
      ...deliver('Plaintext', plaintext),
      EncryptionAlgorithm: algorithm,
      KeyMaterialId: materialId,
    };
  };
  const { KeyId: keyId, EncryptionContext: encryptionContext } = input;
  const decrypted = decryptWith(context, 'Decrypt', { keyId, algorithm, ciphertext, encryptionContext });
  return decrypted instanceof Promise ? decrypted.then(answer) : answer(decrypted);
};
