import type { deriveSharedSecret as operation } from '../../../functions/crypto/derive-shared-secret/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { deriveSharedSecret as deriveSecret } from '../../crypto/primitives/key-agreement.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { createDelivery } from './plaintext-delivery.ts';
import { recordUsage } from './record-usage.ts';

export const deriveSharedSecret: OperationHandler<typeof operation> = async (input, context) => {
  const { KeyAgreementAlgorithm: algorithm, PublicKey: publicKey } = input;
  const deliver = createDelivery(input.Recipient);
  const key = resolveKey(context, input.KeyId, {
    allowAlias: true,
    operation: 'DeriveSharedSecret',
    use: { usage: 'KEY_AGREEMENT', algorithm },
  });
  const material = openCurrentMaterial(context.store, key);
  // A dry run also derives the secret, because only the derivation checks the curve of the peer's public key.
  const secret = await deriveSecret({ keySpec: key.record.keySpec, algorithm, publicKey, material });
  throwIfDryRun(input.DryRun);
  recordUsage(context, key, 'DeriveSharedSecret');
  return {
    KeyId: key.arn,
    ...deliver('SharedSecret', secret),
    KeyAgreementAlgorithm: algorithm,
    KeyOrigin: key.record.origin,
  };
};
