import type { decapsulate as operation } from '../../../functions/crypto/decapsulate/operation.ts';
import type { Action } from '../../action.ts';
import { decapsulate as decapsulateWith } from '../../crypto/kem.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { openCurrentMaterial } from '../../keys/material.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { findUsableKey } from '../../keys/usable-key.ts';

export const decapsulate: Action<typeof operation> = (input, context) => {
  const { EncapsulationAlgorithm: algorithm, SharedSecretCiphertextBlob: ciphertext } = input;
  const key = findUsableKey(context, input.KeyId, 'Decapsulate', 'ENCAPSULATE_DECAPSULATE', algorithm);
  const material = openCurrentMaterial(context.store, key);
  const secret = decapsulateWith({ keySpec: key.record.keySpec, algorithm, material, ciphertext });
  endDryRun(input.DryRun);
  recordUsage(context, key, 'Decapsulate');
  return { KeyId: key.arn, SharedSecret: secret, EncapsulationAlgorithm: algorithm };
};
