import { KmsError } from '../protocol/kms-error.ts';
import type { Key } from './key-record.ts';
import { refuseKeyStoreKey } from './key-store-key.ts';

/** Only symmetric encryption keys rotate (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html). */
export function requireRotatable(key: Key): void {
  refuseKeyStoreKey(key);
  if (key.record.keySpec !== 'SYMMETRIC_DEFAULT') {
    throw new KmsError('UnsupportedOperationException');
  }
}
