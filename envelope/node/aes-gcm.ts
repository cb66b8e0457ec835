import { type CipherGCMTypes, createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { tagBytes } from '../format/header.ts';
import type { AlgorithmSuite } from '../format/suites.ts';

/** The key that encrypts a message. */
export interface GcmKey {
  /** Node.js encrypts faster with a key object than with bytes. */
  readonly key: KeyObject;
  /** Node.js needs as long to read the length of a key object as to encrypt a short text. */
  readonly cipher: CipherGCMTypes;
}

const ciphers = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const;

export function nameCipher({ dataKeyBytes }: AlgorithmSuite): CipherGCMTypes {
  return ciphers[dataKeyBytes];
}

/** Encrypts one text, whose pieces need not be copied into one buffer. */
export function encryptGcm(
  { key, cipher: name }: GcmKey,
  iv: Uint8Array,
  aad: Uint8Array,
  pieces: readonly Uint8Array[],
): { readonly ciphertext: readonly Buffer[]; readonly tag: Buffer } {
  const cipher = createCipheriv(name, key, iv);
  cipher.setAAD(aad);
  const ciphertext = pieces.map((piece) => cipher.update(piece));
  cipher.final();
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** Decrypts one text. Returns `undefined` if the tag does not match, and then overwrites the plaintext with zeros. */
export function decryptGcm(
  { key, cipher: name }: GcmKey,
  iv: Uint8Array,
  aad: Uint8Array,
  pieces: readonly Uint8Array[],
  tag: Uint8Array,
): readonly Buffer[] | undefined {
  // The length excludes the shorter tags that Node.js accepts otherwise.
  const decipher = createDecipheriv(name, key, iv, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plaintext = pieces.map((piece) => decipher.update(piece));
  try {
    decipher.final();
    return plaintext;
  } catch {
    for (const piece of plaintext) piece.fill(0);
    return undefined;
  }
}
