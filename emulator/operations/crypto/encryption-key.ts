import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import { BackingKey } from '../../crypto/backing-key.ts';
import type { EncryptionContext } from '../../crypto/formats/ciphertext.ts';
import { requireUsable } from '../../keys/resolve-key.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';

export const symmetricAlgorithm = 'SYMMETRIC_DEFAULT';

/** Throws KmsError unless the key can encrypt and decrypt with this algorithm and its state allows the operation. */
export function requireEncryptionKey(key: Key, operation: KeyOperation, algorithm: string): void {
  requireUsable(key, { operation, use: { usage: 'ENCRYPT_DECRYPT', algorithm } });
}

/** Throws ValidationException if the request contains an encryption context, which asymmetric keys do not support. */
export function throwIfEncryptionContext(encryptionContext: EncryptionContext | undefined): void {
  if (encryptionContext === undefined || Object.keys(encryptionContext).length === 0) return;
  throw new KmsError(
    'ValidationException',
    'EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.',
  );
}

export function openBackingKey(store: Store, material: Material): BackingKey {
  return store.materials.openAs(material, createBackingKey);
}

function createBackingKey(bytes: Uint8Array): BackingKey {
  return new BackingKey(bytes);
}
