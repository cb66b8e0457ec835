import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { StoreError } from './database.ts';

/** `version ‖ iv ‖ ciphertext ‖ tag`: key material at rest, AES-256-GCM under the master key. */
const version = 1;
const ivBytes = 12;
const tagBytes = 16;

/** `label` binds the sealed bytes to their place: moved to another row, they do not open. */
export function seal(masterKey: KeyObject, label: Uint8Array, material: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(label);
  return Buffer.concat([Buffer.of(version), iv, cipher.update(material), cipher.final(), cipher.getAuthTag()]);
}

export function unseal(masterKey: KeyObject, label: Uint8Array, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  try {
    if (bytes[0] !== version) throw new RangeError('unknown version');
    const iv = bytes.subarray(1, 1 + ivBytes);
    const decipher = createDecipheriv('aes-256-gcm', masterKey, iv).setAAD(label);
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(1 + ivBytes, -tagBytes)), decipher.final()]);
  } catch (error) {
    throw new StoreError(
      'key material does not open: the master key is not the one it was sealed with, or the store is damaged',
      { cause: error },
    );
  }
}
