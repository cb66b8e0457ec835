import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';

/** The key objects of a PKCS#8 private key, and the values derived from them. */
export class ParsedKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly #derived = new Map<string, Uint8Array>();

  constructor(pkcs8: Uint8Array) {
    this.privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.privateKey);
  }

  /** The public key as X.509 SubjectPublicKeyInfo in DER (RFC 5280 §4.1). */
  get spki(): Uint8Array {
    return this.derive('spki', () => this.publicKey.export({ format: 'der', type: 'spki' }));
  }

  /**
   * Returns the last `sizeBytes` bytes of the SPKI. For every key family except RSA, these bytes are the raw public
   * key.
   */
  rawPublicKey(sizeBytes: number): Uint8Array {
    return this.spki.subarray(this.spki.length - sizeBytes);
  }

  /** The private scalar of a NIST or secp256k1 key (32, 48 or 66 bytes), or the seed of an Ed25519 key (32 bytes). */
  get scalar(): Uint8Array {
    return this.derive('scalar', () => Buffer.from(this.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  }

  /** Computes a value that depends only on the key, and caches it. */
  derive(name: string, compute: () => Uint8Array): Uint8Array {
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const value = compute();
    this.#derived.set(name, value);
    return value;
  }
}

const cachedKeys = 256;
const recentlyUsed = new Map<string, ParsedKey>();

/**
 * Parses a PKCS#8 private key. Throws the OpenSSL error for any other input.
 *
 * OpenSSL takes 0.1 to 1 ms to parse a key. Creating a signature often takes less time, so the most recently used keys
 * are cached. A digest of the bytes identifies a key in the cache, so callers can read the material again for each
 * request and overwrite it after use.
 */
export function parseKey(pkcs8: Uint8Array): ParsedKey {
  const digest = hash('sha256', pkcs8, 'base64');
  const key = recentlyUsed.get(digest) ?? new ParsedKey(pkcs8);
  recentlyUsed.delete(digest);
  recentlyUsed.set(digest, key);
  if (recentlyUsed.size > cachedKeys) {
    const [oldest] = recentlyUsed.keys();
    if (oldest !== undefined) recentlyUsed.delete(oldest);
  }
  return key;
}
