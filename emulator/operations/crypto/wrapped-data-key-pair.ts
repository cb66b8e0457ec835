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

/** A new key pair: the private key as it is and encrypted under a symmetric key, and what both operations answer. */
export async function generateWrappedDataKeyPair<Spec extends DataKeyPairSpec>(
  context: OperationContext,
  request: DataKeyPairRequest<Spec>,
  operation: 'GenerateDataKeyPair' | 'GenerateDataKeyPairWithoutPlaintext',
) {
  const key = resolveKey(context, request.KeyId, { allowAlias: true });
  requireDataKeyUse(key, operation);
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html: no key of a custom key store.
  throwIfInKeyStore(key);
  requireKeySpecInRegion(request.KeyPairSpec, context.region);
  throwIfDryRun(request.DryRun);
  const { publicKey, privateKey } = await generateDataKeyPair(request.KeyPairSpec);
  const { ciphertext, materialId } = encryptSymmetric(context, key, privateKey, request.EncryptionContext);
  recordUsage(context, key, operation);
  return {
    privateKey,
    answer: {
      KeyId: key.arn,
      KeyPairSpec: request.KeyPairSpec,
      PublicKey: publicKey,
      PrivateKeyCiphertextBlob: ciphertext,
      KeyMaterialId: materialId,
    },
  };
}
