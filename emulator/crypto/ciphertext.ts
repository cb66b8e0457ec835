import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/**
 * The ciphertext of a SYMMETRIC_DEFAULT key:
 *
 *     version(1) ‖ materialId(32) ‖ salt(16) ‖ iv(12) ‖ ciphertext ‖ tag(16)
 *
 * AES-256-GCM under a key derived for this one message, as KMS does it: KDF in counter mode with HMAC-SHA-256 (NIST SP
 * 800-108r1 §4.1) over the backing key and a random salt
 * (https://docs.aws.amazon.com/kms/latest/cryptographic-details/encrypt-decrypt.html), so that the number of messages
 * under one backing key has no bound of concern. Additional data: everything before the ciphertext, and the encryption
 * context. A reader that meets another version refuses it.
 */
const version = 1;
const materialIdBytes = 32;
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + materialIdBytes + saltBytes + ivBytes;
const kdfLabel = Buffer.from('kms-functions/ciphertext/v1');

export type EncryptionContext = Readonly<Record<string, string>>;

/** `materialId`: 32 bytes. `backingKey`: 32 bytes. The result is 77 bytes longer than the plaintext. */
export function encryptUnder(
  backingKey: Uint8Array,
  materialId: Uint8Array,
  plaintext: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer {
  const random = takeRandom();
  const header = Buffer.concat([Buffer.of(version), materialId, random]);
  const cipher = createCipheriv(
    'aes-256-gcm',
    messageKey(backingKey, random.subarray(0, saltBytes)),
    random.subarray(saltBytes),
  );
  cipher.setAAD(additionalData(header, context));
  return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Random bytes are drawn for many messages at once: each is used once, and a draw costs as much as a message does. */
const drawnMessages = 128;
let drawn = Buffer.alloc(0);
function takeRandom(): Buffer {
  if (drawn.length === 0) drawn = randomBytes(drawnMessages * (saltBytes + ivBytes));
  const random = drawn.subarray(0, saltBytes + ivBytes);
  drawn = drawn.subarray(saltBytes + ivBytes);
  return random;
}

/** The material that a ciphertext names, or `undefined` where this is no ciphertext of ours. */
export function materialIdOf(ciphertext: Uint8Array): Buffer | undefined {
  if (ciphertext.length < headerBytes + tagBytes || ciphertext[0] !== version) return undefined;
  return Buffer.from(ciphertext.subarray(1, 1 + materialIdBytes));
}

/** The plaintext, or `undefined` where key, context or any byte is not what it was. */
export function decryptUnder(
  backingKey: Uint8Array,
  ciphertext: Uint8Array,
  context: EncryptionContext | undefined,
): Buffer | undefined {
  const header = ciphertext.subarray(0, headerBytes);
  const salt = header.subarray(1 + materialIdBytes, 1 + materialIdBytes + saltBytes);
  const decipher = createDecipheriv('aes-256-gcm', messageKey(backingKey, salt), header.subarray(-ivBytes));
  decipher.setAAD(additionalData(header, context));
  decipher.setAuthTag(ciphertext.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(headerBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** One block of the KDF is the 256 bits wanted: counter(4) ‖ label ‖ 0 ‖ salt ‖ length in bits(4). */
function messageKey(backingKey: Uint8Array, salt: Uint8Array): KeyObject {
  const kdf = createHmac('sha256', keyObjectOf(backingKey));
  return createSecretKey(kdf.update(kdfPrefix).update(salt).update(kdfSuffix).digest());
}
const kdfPrefix = Buffer.concat([Buffer.of(0, 0, 0, 1), kdfLabel, Buffer.of(0)]);
const kdfSuffix = Buffer.of(0, 0, 1, 0);

/** Node takes a key object in a tenth of the time that it takes the same bytes; the store hands out the same bytes again. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();
function keyObjectOf(backingKey: Uint8Array): KeyObject {
  let keyObject = keyObjects.get(backingKey);
  if (keyObject === undefined) {
    keyObject = createSecretKey(backingKey);
    keyObjects.set(backingKey, keyObject);
  }
  return keyObject;
}

/** Pairs sorted by key (UTF-16 order), each text behind its length in bytes (4, big-endian): no two contexts read alike. */
function additionalData(header: Uint8Array, context: EncryptionContext | undefined): Uint8Array {
  const keys = context === undefined ? [] : Object.keys(context).sort();
  if (keys.length === 0) return header;
  const parts: Uint8Array[] = [header];
  for (const key of keys) {
    for (const text of [key, context?.[key] ?? '']) {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      parts.push(length, bytes);
    }
  }
  return Buffer.concat(parts);
}
