import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type BackingKey, saltBytes } from '../backing-key.ts';

/**
 * The ciphertext of a SYMMETRIC_DEFAULT key:
 *
 *     version(1) ‖ materialId(32) ‖ salt(16) ‖ iv(12) ‖ ciphertext ‖ tag(16)
 *
 * AES-256-GCM under a key derived from the backing key and the salt, as KMS does it
 * (https://docs.aws.amazon.com/kms/latest/cryptographic-details/encrypt-decrypt.html), so that the number of messages
 * under one backing key has no bound of concern. Additional data: everything before the ciphertext, and the encryption
 * context. A reader that meets another version refuses it.
 */
const version = Buffer.of(1);
const materialIdBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = version.length + materialIdBytes + saltBytes + ivBytes;

export type EncryptionContext = Readonly<Record<string, string>>;

/** `materialId`: 32 bytes. The result is 77 bytes longer than the plaintext. */
export function encryptUnder(
  backingKey: BackingKey,
  materialId: Uint8Array,
  plaintext: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer {
  const { salt, key } = backingKey.nextMessageKey();
  const iv = takeIv();
  const header = Buffer.concat([version, materialId, salt, iv]);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(additionalData(header, context));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Random bytes are drawn for many messages at once: each is used once, and a draw costs as much as a message does. */
const drawnMessages = 128;
let drawn = Buffer.alloc(0);
function takeIv(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(drawnMessages * ivBytes);
  const iv = drawn.subarray(0, ivBytes);
  drawn = drawn.subarray(ivBytes);
  return iv;
}

/** The material that a ciphertext names, or `undefined` where this is no ciphertext of ours. */
export function materialIdOf(ciphertext: Uint8Array): Buffer | undefined {
  if (ciphertext.length < headerBytes + tagBytes || ciphertext[0] !== version[0]) return undefined;
  return Buffer.from(ciphertext.subarray(1, 1 + materialIdBytes));
}

/** The plaintext, or `undefined` where key, context or any byte is not what it was. */
export function decryptUnder(
  backingKey: BackingKey,
  ciphertext: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer | undefined {
  const header = ciphertext.subarray(0, headerBytes);
  const salt = header.subarray(1 + materialIdBytes, 1 + materialIdBytes + saltBytes);
  const decipher = createDecipheriv('aes-256-gcm', backingKey.messageKey(salt), header.subarray(-ivBytes));
  decipher.setAAD(additionalData(header, context));
  decipher.setAuthTag(ciphertext.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(headerBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Pairs sorted by key (UTF-16 order), each text behind its length in bytes (4, big-endian): no two contexts read alike. */
function additionalData(header: Uint8Array, context: EncryptionContext = {}): Uint8Array {
  const texts = Object.keys(context)
    .sort()
    .flatMap((key) => [key, context[key] ?? '']);
  if (texts.length === 0) return header;
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const data = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, header.length));
  data.set(header);
  let at = header.length;
  for (const [index, text] of texts.entries()) {
    at = data.writeUInt32BE(lengths[index] ?? 0, at);
    at += data.write(text, at);
  }
  return data;
}
