import {
  type CipherGCM,
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  type DecipherGCM,
  type KeyObject,
} from 'node:crypto';
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
  const ciphertext = updateCipher(cipher, pieces);
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
  const plaintext = updateCipher(decipher, pieces);
  try {
    decipher.final();
    return plaintext;
  } catch {
    for (const piece of plaintext) piece.fill(0);
    return undefined;
  }
}

/**
 * The largest input of one `update`. Node.js allocates the output twice, and copies it from the first memory to the
 * second. This length places the two at different offsets in their pages. With 64 KiB, the offsets are nearly equal. On
 * an AMD EPYC, where glibc copies with `rep movsb`, the copy then took longer than the encryption.
 */
const maxUpdateBytes = 62 * 1024;

function updateCipher(cipher: CipherGCM | DecipherGCM, pieces: readonly Uint8Array[]): readonly Buffer[] {
  const outputs: Buffer[] = [];
  for (const piece of pieces)
    for (let start = 0; start < piece.length; start += maxUpdateBytes)
      outputs.push(cipher.update(piece.subarray(start, start + maxUpdateBytes)));
  return outputs;
}
