import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { secretKeyOf } from './secret-key.ts';

/** What a message is encrypted with: a key derived from the backing key and a random salt. */
export interface MessageKey {
  readonly salt: Buffer;
  readonly key: KeyObject;
}

export const saltBytes = 16;

/**
 * Messages in a row that share a salt. Each has a random IV of its own: AES-GCM allows 2^32 such messages under one key
 * (NIST SP 800-38D §8.3), and deriving a key costs as much as encrypting a message.
 */
const messagesPerSalt = 128;
/** Derived keys kept for each backing key, so that what was just encrypted is decrypted without deriving again. */
const keptSalts = 16;

interface Derived {
  current?: MessageKey;
  messagesLeft: number;
  readonly bySalt: Map<string, KeyObject>;
}

/** Goes with the backing key: once the store lets go of that, of these too. */
const derivedFrom = new WeakMap<Uint8Array, Derived>();

/** For the next message to be encrypted. */
export function nextMessageKey(backingKey: Uint8Array): MessageKey {
  const derived = derivedOf(backingKey);
  if (derived.current === undefined || derived.messagesLeft === 0) {
    const salt = randomBytes(saltBytes);
    derived.current = { salt, key: messageKey(backingKey, salt) };
    derived.messagesLeft = messagesPerSalt;
  }
  derived.messagesLeft -= 1;
  return derived.current;
}

/** The key that a message with this salt was encrypted with. */
export function messageKey(backingKey: Uint8Array, salt: Uint8Array): KeyObject {
  const { bySalt } = derivedOf(backingKey);
  const name = Buffer.from(salt).toString('latin1');
  let key = bySalt.get(name);
  if (key === undefined) {
    key = derive(backingKey, salt);
    if (bySalt.size >= keptSalts) bySalt.delete(bySalt.keys().next().value ?? '');
    bySalt.set(name, key);
  }
  return key;
}

function derivedOf(backingKey: Uint8Array): Derived {
  let derived = derivedFrom.get(backingKey);
  if (derived === undefined) {
    derived = { messagesLeft: 0, bySalt: new Map() };
    derivedFrom.set(backingKey, derived);
  }
  return derived;
}

/**
 * KDF in counter mode with HMAC-SHA-256 (NIST SP 800-108r1 §4.1). One block is the 256 bits wanted:
 * counter(4) ‖ label ‖ 0 ‖ salt ‖ length in bits(4).
 */
function derive(backingKey: Uint8Array, salt: Uint8Array): KeyObject {
  const kdf = createHmac('sha256', secretKeyOf(backingKey));
  return createSecretKey(kdf.update(kdfPrefix).update(salt).update(kdfSuffix).digest());
}
const kdfLabel = Buffer.from('kms-functions/ciphertext/v1');
const kdfPrefix = Buffer.concat([Buffer.of(0, 0, 0, 1), kdfLabel, Buffer.of(0)]);
const kdfSuffix = Buffer.of(0, 0, 1, 0);
