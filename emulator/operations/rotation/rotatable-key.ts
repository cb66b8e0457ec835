import { isInKeyStore, throwIfInKeyStore } from '../../core/key-origin.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';

/**
 * Throws UnsupportedOperationException unless the key can rotate. Only symmetric encryption keys outside custom key
 * stores can rotate (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
 */
export function requireRotatable(key: Key): void {
  throwIfInKeyStore(key);
  if (!canRotate(key)) throw new KmsError('UnsupportedOperationException');
}

/** Returns whether the key is a symmetric encryption key outside custom key stores. */
export function canRotate({ record }: Key): boolean {
  return record.keySpec === 'SYMMETRIC_DEFAULT' && !isInKeyStore(record.origin);
}
