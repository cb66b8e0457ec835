import { KmsError } from '../core/kms-error.ts';
import { type KeySpec, type KeySpecRow, type KeyUsage, keySpecs } from './key-specs.ts';

/**
 * Returns the row of a key spec. Throws InvalidKeyUsageException if the key spec does not support the algorithm for
 * this usage.
 */
export function requireAlgorithmSupport(keySpec: KeySpec, keyUsage: KeyUsage, algorithm: string): KeySpecRow {
  const row = keySpecs[keySpec];
  const algorithms: readonly string[] = row.algorithms[keyUsage] ?? [];
  if (!algorithms.includes(algorithm)) {
    throw new KmsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`);
  }
  return row;
}
