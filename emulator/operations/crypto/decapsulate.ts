import type { decapsulate as operation } from '../../../functions/crypto/decapsulate/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { decapsulate as decapsulateSecret } from '../../crypto/primitives/kem.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { recordUsage } from './record-usage.ts';

export const decapsulate: OperationHandler<typeof operation> = (input, context) => {
  const { EncapsulationAlgorithm: algorithm, SharedSecretCiphertextBlob: ciphertext } = input;
  const key = resolveKey(context, input.KeyId, {
    allowAlias: true,
    operation: 'Decapsulate',
    use: { usage: 'ENCAPSULATE_DECAPSULATE', algorithm },
  });
  const material = openCurrentMaterial(context.store, key);
  const secret = decapsulateSecret({ keySpec: key.record.keySpec, algorithm, material, ciphertext });
  throwIfDryRun(input.DryRun);
  recordUsage(context, key, 'Decapsulate');
  return { KeyId: key.arn, SharedSecret: secret, EncapsulationAlgorithm: algorithm };
};
