import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { tagBytes } from '../format/header.ts';

/** The key and the inputs of one AES-GCM operation, other than the text. */
export interface GcmInput {
  readonly key: KeyObject;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

/** Encrypts one text. */
export function encryptGcm({ key, iv, aad }: GcmInput, plaintext: Uint8Array): { ciphertext: Buffer; tag: Buffer } {
  const cipher = createCipheriv(nameCipher(key), key, iv, { authTagLength: tagBytes });
  cipher.setAAD(aad);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** Decrypts one text. Returns `undefined` if the tag does not match, and then overwrites the plaintext with zeros. */
export function decryptGcm({ key, iv, aad }: GcmInput, ciphertext: Uint8Array, tag: Uint8Array): Buffer | undefined {
  const decipher = createDecipheriv(nameCipher(key), key, iv, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}

function nameCipher({ symmetricKeySize = 0 }: KeyObject): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' {
  return `aes-${(symmetricKeySize * 8) as 128 | 192 | 256}-gcm`;
}
