import { compatibleRow } from '../crypto/compatibility.ts';
import { KmsError } from '../protocol/kms-error.ts';
import type { Key, KeyUsage } from './key-record.ts';
import type { KeyOperation } from './states.ts';

/** Throws InvalidKeyUsageException where the key is not for this kind of operation. */
export function requireUsage(key: Key, usage: KeyUsage, operation: KeyOperation): void {
  if (key.record.keyUsage === usage) return;
  throw new KmsError(
    'InvalidKeyUsageException',
    `${key.arn} key usage is ${key.record.keyUsage} which is not valid for ${operation}.`,
  );
}

/** Throws InvalidKeyUsageException where the key's spec has no such algorithm. */
export function requireAlgorithm(key: Key, usage: KeyUsage, algorithm: string): void {
  compatibleRow(key.record.keySpec, usage, algorithm);
}
