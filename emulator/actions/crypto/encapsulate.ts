import type { encapsulate as operation } from '../../../functions/crypto/encapsulate/operation.ts';
import type { Action } from '../../action.ts';
import { encapsulate as encapsulateFor } from '../../crypto/kem.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { openCurrentMaterial } from '../../keys/material.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { findUsableKey } from '../../keys/usable-key.ts';

export const encapsulate: Action<typeof operation> = (input, context) => {
  const { EncapsulationAlgorithm: algorithm } = input;
  const key = findUsableKey(context, input.KeyId, 'Encapsulate', 'ENCAPSULATE_DECAPSULATE', algorithm);
  endDryRun(input.DryRun);
  const material = openCurrentMaterial(context.store, key);
  const { sharedSecret, ciphertext } = encapsulateFor({ keySpec: key.record.keySpec, algorithm, material });
  recordUsage(context, key, 'Encapsulate');
  return {
    KeyId: key.arn,
    SharedSecret: sharedSecret,
    SharedSecretCiphertextBlob: ciphertext,
    EncapsulationAlgorithm: algorithm,
  };
};
