import type { reEncrypt as operation } from '../../../functions/crypto/re-encrypt/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { ciphertextOf } from './ciphertext-member.ts';
import { endDryRun } from './dry-run.ts';
import { decryptWith, encryptWith, requireEncryption, symmetricAlgorithm } from './encrypt-with-key.ts';
import { recordUsage } from './record-usage.ts';

export const reEncrypt: OperationHandler<typeof operation> = async (input, context) => {
  const sourceAlgorithm = input.SourceEncryptionAlgorithm ?? symmetricAlgorithm;
  const destinationAlgorithm = input.DestinationEncryptionAlgorithm ?? symmetricAlgorithm;
  const source = await decryptWith(context, 'ReEncrypt', {
    keyId: input.SourceKeyId,
    algorithm: sourceAlgorithm,
    ciphertext: ciphertextOf(input, context, 'ReEncrypt', {
      member: 'sourceKeyId',
      id: input.SourceKeyId,
      algorithm: sourceAlgorithm,
    }),
    encryptionContext: input.SourceEncryptionContext,
  });
  const destination = resolveKey(context, input.DestinationKeyId, { allowAlias: true });
  requireEncryption(destination, 'ReEncrypt', destinationAlgorithm);
  endDryRun(input.DryRun);
  const { ciphertext, materialId } = await encryptWith(
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
