import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { refuseKeyStoreKey } from '../key-stores/key-store-key.ts';

/** Only symmetric encryption keys rotate (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html). */
export function requireRotatable(key: Key): void {
  refuseKeyStoreKey(key);
  if (key.record.keySpec !== 'SYMMETRIC_DEFAULT') {
    throw new KmsError('UnsupportedOperationException');
  }
}
