import type { Key, KeyUsage } from '../core/key-record.ts';
import type { KeyOperation } from '../core/key-states.ts';
import { KmsError } from '../core/kms-error.ts';
import { requireAlgorithmSupport } from '../crypto/algorithm-support.ts';

/** Throws InvalidKeyUsageException unless the key has this usage. */
export function requireUsage(key: Key, usage: KeyUsage, operation: KeyOperation): void {
  if (key.record.keyUsage === usage) return;
  throw new KmsError(
    'InvalidKeyUsageException',
    `${key.arn} key usage is ${key.record.keyUsage} which is not valid for ${operation}.`,
  );
}

/** Throws InvalidKeyUsageException if the key spec does not support the algorithm for this usage. */
export function requireAlgorithm(key: Key, usage: KeyUsage, algorithm: string): void {
  requireAlgorithmSupport(key.record.keySpec, usage, algorithm);
}
