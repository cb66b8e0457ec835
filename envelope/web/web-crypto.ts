import type { Bytes } from '../format/byte-writer.ts';
import { tagBytes } from '../format/header.ts';

/** A key of WebCrypto. */
export type WebKey = Parameters<typeof crypto.subtle.encrypt>[1];

/** The key and the inputs of one AES-GCM operation, other than the text. */
export interface GcmInput {
  readonly key: WebKey;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

/** Encrypts one text. Returns the ciphertext and the tag. */
export async function encryptGcm({ key, iv, aad }: GcmInput, plaintext: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(describeGcm(iv, aad), key, toSource(plaintext)));
}

/** Decrypts a ciphertext and its tag. Returns `undefined` if the tag does not match. */
export async function decryptGcm({ key, iv, aad }: GcmInput, sealed: Uint8Array): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(describeGcm(iv, aad), key, toSource(sealed)));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined;
    throw error;
  }
}

function describeGcm(iv: Uint8Array, aad: Uint8Array) {
  return { name: 'AES-GCM', iv: toSource(iv), additionalData: toSource(aad), tagLength: tagBytes * 8 } as const;
}

/** WebCrypto's types exclude shared memory, which it rejects when it runs. */
export function toSource(bytes: Uint8Array): Bytes {
  return bytes as Bytes;
}
