import type { DataKeyPairSpec } from '../../../shared/declaration/key-specs.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { throwIfInKeyStore } from '../../core/key-origin.ts';
import { generateDataKeyPair } from '../../crypto/data-key-pair-generation.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { requireKeySpecInRegion } from '../keys/resolve-key-spec.ts';
import { encryptSymmetric } from './encrypt-with-key.ts';
import { recordUsage } from './record-usage.ts';
import { requireDataKeyUse } from './wrapped-data-key.ts';

export interface DataKeyPairRequest<Spec extends DataKeyPairSpec> {
  readonly KeyId: string;
  readonly KeyPairSpec: Spec;
  readonly EncryptionContext?: Readonly<Record<string, string>> | undefined;
  readonly DryRun?: boolean | undefined;
}

/**
 * Generates a key pair and encrypts the private key under a symmetric key. Returns the plaintext private key and the
 * response members that both operations share.
 */
export async function generateWrappedDataKeyPair<Spec extends DataKeyPairSpec>(
  context: OperationContext,
  request: DataKeyPairRequest<Spec>,
  operation: 'GenerateDataKeyPair' | 'GenerateDataKeyPairWithoutPlaintext',
) {
  const key = resolveKey(context, request.KeyId, { allowAlias: true });
  requireDataKeyUse(key, operation, 'data key pair');
  // AWS does not generate key pairs under keys in custom key stores:
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html
  throwIfInKeyStore(key);
  requireKeySpecInRegion(request.KeyPairSpec, context.region);
  throwIfDryRun(request.DryRun);
  const { publicKey, privateKey } = await generateDataKeyPair(request.KeyPairSpec);
  const { ciphertext, materialId } = encryptSymmetric(context, key, privateKey, request.EncryptionContext);
  recordUsage(context, key, operation);
  return {
    privateKey,
    sharedMembers: {
      KeyId: key.arn,
      KeyPairSpec: request.KeyPairSpec,
      PublicKey: publicKey,
      PrivateKeyCiphertextBlob: ciphertext,
      KeyMaterialId: materialId,
    },
  };
}
