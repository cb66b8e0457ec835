import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

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
/** Derived keys kept for decryption, so that what was encrypted in a row is decrypted with one derivation. */
const keptSalts = 16;

/** The material of a SYMMETRIC_DEFAULT key, with the keys that were lately derived from it. */
export class BackingKey {
  readonly #key: KeyObject;
  #current: MessageKey | undefined;
  #messagesLeft = 0;
  #bySalt: Map<string, KeyObject> | undefined;

  /** `bytes`: 32. */
  constructor(bytes: Uint8Array) {
    this.#key = createSecretKey(bytes);
  }

  /** For the next message to be encrypted. */
  nextMessageKey(): MessageKey {
    if (this.#current === undefined || this.#messagesLeft === 0) {
      const salt = randomBytes(saltBytes);
      this.#current = { salt, key: this.#derive(salt) };
      this.#messagesLeft = messagesPerSalt;
    }
    this.#messagesLeft -= 1;
    return this.#current;
  }

  /** The key that a message with this salt was encrypted with. */
  messageKey(salt: Uint8Array): KeyObject {
    if (this.#current !== undefined && Buffer.compare(this.#current.salt, salt) === 0) return this.#current.key;
    this.#bySalt ??= new Map();
    const name = Buffer.from(salt).toString('latin1');
    let key = this.#bySalt.get(name);
    if (key === undefined) {
      key = this.#derive(salt);
      if (this.#bySalt.size >= keptSalts) this.#bySalt.delete(this.#bySalt.keys().next().value ?? '');
      this.#bySalt.set(name, key);
    }
    return key;
  }

  /**
   * KDF in counter mode with HMAC-SHA-256 (NIST SP 800-108r1 §4.1). One block is the 256 bits wanted:
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
