import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type BackingKey, saltBytes } from '../backing-key.ts';

/**
 * The ciphertext format of SYMMETRIC_DEFAULT keys:
 *
 *     version(1) ‖ materialId(32) ‖ salt(16) ‖ iv(12) ‖ ciphertext ‖ tag(16)
 *
 * Messages are encrypted with AES-256-GCM under a key that is derived from the backing key and the salt, as in AWS KMS
 * (https://docs.aws.amazon.com/kms/latest/cryptographic-details/encrypt-decrypt.html). With this derivation, a backing
 * key can encrypt any number of messages. The additional authenticated data consists of everything before the
 * ciphertext, followed by the encryption context. Readers reject other versions.
 */

const version = Buffer.of(1);
const materialIdBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = version.length + materialIdBytes + saltBytes + ivBytes;

export type EncryptionContext = Readonly<Record<string, string>>;

/** Encrypts a message. `materialId` is 32 bytes long. The result is 77 bytes longer than the plaintext. */
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
  cipher.setAAD(encodeAdditionalData(header, context));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The number of IVs to generate in one batch. Without batches, generating an IV would take as long as encrypting a
 * message. Each IV is used once.
 */
const ivsPerDraw = 128;
let drawn = Buffer.alloc(0);
function takeIv(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(ivsPerDraw * ivBytes);
  const iv = drawn.subarray(0, ivBytes);
  drawn = drawn.subarray(ivBytes);
  return iv;
}

/**
 * Returns the id of the material that encrypted a ciphertext, or `undefined` if the emulator did not create the
 * ciphertext.
 */
export function readMaterialId(ciphertext: Uint8Array): Buffer | undefined {
  if (ciphertext.length < headerBytes + tagBytes || ciphertext[0] !== version[0]) return undefined;
  return Buffer.from(ciphertext.subarray(1, 1 + materialIdBytes));
}

/**
 * Returns the plaintext. Returns `undefined` if the key or the encryption context is wrong, or if any byte was changed.
 */
export function decryptUnder(
  backingKey: BackingKey,
  ciphertext: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer | undefined {
  const header = ciphertext.subarray(0, headerBytes);
  const salt = header.subarray(1 + materialIdBytes, 1 + materialIdBytes + saltBytes);
  const decipher = createDecipheriv('aes-256-gcm', backingKey.messageKey(salt), header.subarray(-ivBytes));
  decipher.setAAD(encodeAdditionalData(header, context));
  decipher.setAuthTag(ciphertext.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(headerBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * Encodes the pairs of an encryption context, sorted by key (UTF-16 order). A 4-byte big-endian length precedes each
 * text, so different encryption contexts never have the same encoding.
 */
function encodeAdditionalData(header: Uint8Array, context: EncryptionContext = {}): Uint8Array {
  const texts = Object.keys(context)
    .sort()
    .flatMap((key) => [key, context[key] ?? '']);
  if (texts.length === 0) return header;
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const data = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, header.length));
  data.set(header);
  let offset = header.length;
  for (const [index, text] of texts.entries()) {
    offset = data.writeUInt32BE(lengths[index] ?? 0, offset);
    offset += data.write(text, offset);
  }
  return data;
}
