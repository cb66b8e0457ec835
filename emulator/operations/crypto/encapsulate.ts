import type { encapsulate as operation } from '../../../functions/crypto/encapsulate/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { encapsulate as encapsulateSecret } from '../../crypto/primitives/kem.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { recordUsage } from './record-usage.ts';

export const encapsulate: OperationHandler<typeof operation> = (input, context) => {
  const { EncapsulationAlgorithm: algorithm } = input;
  const key = resolveKey(context, input.KeyId, {
    allowAlias: true,
    operation: 'Encapsulate',
    use: { usage: 'ENCAPSULATE_DECAPSULATE', algorithm },
  });
  throwIfDryRun(input.DryRun);
  const material = openCurrentMaterial(context.store, key);
  const { sharedSecret, ciphertext } = encapsulateSecret({ keySpec: key.record.keySpec, algorithm, material });
  recordUsage(context, key, 'Encapsulate');
  return {
    KeyId: key.arn,
    SharedSecret: sharedSecret,
    SharedSecretCiphertextBlob: ciphertext,
    EncapsulationAlgorithm: algorithm,
  };
};
