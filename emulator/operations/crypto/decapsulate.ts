import type { decapsulate as operation } from '../../../functions/crypto/decapsulate/operation.ts';
import { decapsulate as decapsulateWith } from '../../crypto/primitives/kem.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findUsableKey } from '../../keys/usable-key.ts';
import { endDryRun } from './dry-run.ts';
import { recordUsage } from './record-usage.ts';

export const decapsulate: Action<typeof operation> = (input, context) => {
  const { EncapsulationAlgorithm: algorithm, SharedSecretCiphertextBlob: ciphertext } = input;
  const key = findUsableKey(context, input.KeyId, 'Decapsulate', 'ENCAPSULATE_DECAPSULATE', algorithm);
  const material = openCurrentMaterial(context.store, key);
  const secret = decapsulateWith({ keySpec: key.record.keySpec, algorithm, material, ciphertext });
  endDryRun(input.DryRun);
  recordUsage(context, key, 'Decapsulate');
  return { KeyId: key.arn, SharedSecret: secret, EncapsulationAlgorithm: algorithm };
};
