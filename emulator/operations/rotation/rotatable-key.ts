import { throwIfInKeyStore } from '../../core/key-origin.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';

/**
 * Throws UnsupportedOperationException unless the key can rotate. Only symmetric encryption keys outside custom key
 * stores can rotate (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
 */
export function requireRotatable(key: Key): void {
  throwIfInKeyStore(key);
  if (key.record.keySpec !== 'SYMMETRIC_DEFAULT') throw new KmsError('UnsupportedOperationException');
}
