import { KmsError } from '../core/kms-error.ts';
import { type KeySpec, type KeySpecRow, type KeyUsage, keySpecs } from './key-specs.ts';
import { requireRuntimeSupport } from './runtime-support.ts';

/**
 * Returns the row of a key spec. Throws InvalidKeyUsageException if the key spec does not support the algorithm for
 * this usage, and UnsupportedOperationException if the running Node.js does not support the key spec.
 */
export function requireAlgorithmSupport(keySpec: KeySpec, keyUsage: KeyUsage, algorithm: string): KeySpecRow {
  const row = keySpecs[keySpec];
  const algorithms: readonly string[] = row.algorithms[keyUsage] ?? [];
  if (!algorithms.includes(algorithm)) {
    throw new KmsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`);
  }
  requireRuntimeSupport(row);
  return row;
}
