import { KmsError } from '../core/kms-error.ts';
import { type KeySpec, type KeySpecRow, type KeyUsage, keySpecs } from './key-specs.ts';

/** The row of a key spec, if it has the algorithm under this usage; else what KMS answers to such a request. */
export function compatibleRow(keySpec: KeySpec, keyUsage: KeyUsage, algorithm: string): KeySpecRow {
  const row = keySpecs[keySpec];
  if (!row.algorithms[keyUsage]?.includes(algorithm)) {
    throw new KmsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`);
  }
  return row;
}
