import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** A message encryption key, derived from the backing key and a random salt. */
export interface MessageKey {
  readonly salt: Buffer;
  readonly key: KeyObject;
}

export const saltBytes = 16;

/**
 * The number of consecutive messages that share a salt. Without sharing, each message would take twice as long, because
 * deriving a key takes as long as encrypting a message. Each message has its own random IV. AES-GCM allows 2^32 such
 * messages under one key (NIST SP 800-38D §8.3).
 */
const messagesPerSalt = 128;
/** The number of derived keys to cache for decryption, so that consecutive messages require only one derivation. */
const cachedSalts = 16;

/** The material of a SYMMETRIC_DEFAULT key, with a cache of the keys derived from it. */
export class BackingKey {
  readonly #key: KeyObject;
  #current: MessageKey | undefined;
  #messagesLeft = 0;
  #bySalt: Map<string, KeyObject> | undefined;

  /** Requires 32 bytes. */
  constructor(bytes: Uint8Array) {
    this.#key = createSecretKey(bytes);
  }

  /** Returns the key that encrypts the next message. */
  nextMessageKey(): MessageKey {
    if (this.#current === undefined || this.#messagesLeft === 0) {
      const salt = randomBytes(saltBytes);
      this.#current = { salt, key: this.#derive(salt) };
      this.#messagesLeft = messagesPerSalt;
    }
    this.#messagesLeft -= 1;
    return this.#current;
  }

  /** Returns the key that encrypted the messages with this salt. */
  messageKey(salt: Uint8Array): KeyObject {
    if (this.#current !== undefined && Buffer.compare(this.#current.salt, salt) === 0) return this.#current.key;
    this.#bySalt ??= new Map();
    const name = Buffer.from(salt).toString('latin1');
    let key = this.#bySalt.get(name);
    if (key === undefined) {
      key = this.#derive(salt);
      if (this.#bySalt.size >= cachedSalts) this.#bySalt.delete(this.#bySalt.keys().next().value ?? '');
      this.#bySalt.set(name, key);
    }
    return key;
  }

  /**
   * Derives 256 bits with a KDF in counter mode over HMAC-SHA-256 (NIST SP 800-108r1 §4.1). One block is sufficient:
   * counter(4) ‖ label ‖ 0 ‖ salt ‖ length in bits(4).
   */
  #derive(salt: Uint8Array): KeyObject {
    const kdf = createHmac('sha256', this.#key);
    return createSecretKey(kdf.update(kdfPrefix).update(salt).update(kdfSuffix).digest());
  }
}

const kdfLabel = Buffer.from('kms-functions/ciphertext/v1');
const kdfPrefix = Buffer.concat([Buffer.of(0, 0, 0, 1), kdfLabel, Buffer.of(0)]);
const kdfSuffix = Buffer.of(0, 0, 1, 0);
