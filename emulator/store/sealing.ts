import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { StoreError } from './store-error.ts';

/**
 * The version of the layout `version ‖ iv ‖ ciphertext ‖ tag`. Sealed bytes are encrypted with AES-256-GCM under the
 * master key.
 */
const version = 1;
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts key material. `label` is authenticated, so sealed bytes that were copied to another row cannot be decrypted.
 */
export function seal(masterKey: KeyObject, label: Uint8Array, material: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(label);
  return Buffer.concat([Buffer.of(version), iv, cipher.update(material), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Decrypts sealed bytes. Throws `StoreError` if the master key or the label is different, or if the bytes were changed.
 */
export function unseal(masterKey: KeyObject, label: Uint8Array, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  try {
    if (bytes[0] !== version) throw new RangeError('unknown version');
    const iv = bytes.subarray(1, 1 + ivBytes);
    const decipher = createDecipheriv('aes-256-gcm', masterKey, iv, { authTagLength: tagBytes }).setAAD(label);
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(1 + ivBytes, -tagBytes)), decipher.final()]);
  } catch (error) {
    throw new StoreError(
      'cannot decrypt the key material: it was encrypted under another master key, or the store is damaged',
      { cause: error },
    );
  }
}
