import type { encrypt as operation } from '../../../functions/crypto/encrypt/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { encryptWithKey } from './encrypt-with-key.ts';
import { requireEncryptionKey, symmetricAlgorithm } from './encryption-key.ts';
import { recordUsage } from './record-usage.ts';

export const encrypt: OperationHandler<typeof operation> = async (input, context) => {
  const key = resolveKey(context, input.KeyId, { allowAlias: true });
  const algorithm = input.EncryptionAlgorithm ?? symmetricAlgorithm;
  requireEncryptionKey(key, 'Encrypt', algorithm);
  throwIfDryRun(input.DryRun);
  const { ciphertext } = await encryptWithKey(context, key, algorithm, input.Plaintext, input.EncryptionContext);
  recordUsage(context, key, 'Encrypt');
  return { CiphertextBlob: ciphertext, KeyId: key.arn, EncryptionAlgorithm: algorithm };
};
