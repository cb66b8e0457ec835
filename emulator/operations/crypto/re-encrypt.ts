import type { reEncrypt as operation } from '../../../functions/crypto/re-encrypt/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { decryptWithKey } from './decrypt-with-key.ts';
import { encryptWithKey } from './encrypt-with-key.ts';
import { requireEncryptionKey, symmetricAlgorithm } from './encryption-key.ts';
import { recordUsage } from './record-usage.ts';
import { requireCiphertext } from './require-ciphertext.ts';

export const reEncrypt: OperationHandler<typeof operation> = async (input, context) => {
  const sourceAlgorithm = input.SourceEncryptionAlgorithm ?? symmetricAlgorithm;
  const destinationAlgorithm = input.DestinationEncryptionAlgorithm ?? symmetricAlgorithm;
  const source = await decryptWithKey(context, 'ReEncrypt', {
    keyId: input.SourceKeyId,
    algorithm: sourceAlgorithm,
    ciphertext: requireCiphertext(input, context, 'ReEncrypt', {
      member: 'sourceKeyId',
      id: input.SourceKeyId,
      algorithm: sourceAlgorithm,
    }),
    encryptionContext: input.SourceEncryptionContext,
  });
  const destination = resolveKey(context, input.DestinationKeyId, { allowAlias: true });
  requireEncryptionKey(destination, 'ReEncrypt', destinationAlgorithm);
  throwIfDryRun(input.DryRun);
  const { ciphertext, materialId } = await encryptWithKey(
    context,
    destination,
    destinationAlgorithm,
    source.plaintext,
    input.DestinationEncryptionContext,
  );
  for (const key of [source.key, destination]) recordUsage(context, key, 'ReEncrypt');
  return {
    CiphertextBlob: ciphertext,
    SourceKeyId: source.key.arn,
    KeyId: destination.arn,
    SourceEncryptionAlgorithm: sourceAlgorithm,
    DestinationEncryptionAlgorithm: destinationAlgorithm,
    SourceKeyMaterialId: source.materialId,
    DestinationKeyMaterialId: materialId,
  };
};
