import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';

/**
 * The key objects of a PKCS#8 private key. Parsing costs OpenSSL 0.1 to 1 ms, more than many a signature, so the most
 * recently used ones are kept. They are found by a digest of the bytes: whoever reads the material from a store anew
 * for each request, or overwrites its copy after use, gains as much.
 */
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
    return this.derived('spki', () => this.publicKey.export({ format: 'der', type: 'spki' }));
  }

  /** The last `sizeBytes` bytes of the SPKI: the raw public key of every family but RSA. */
  rawPublicKey(sizeBytes: number): Uint8Array {
    return this.spki.subarray(this.spki.length - sizeBytes);
  }

  /** The private scalar of a NIST or secp256k1 key (32, 48 or 66 bytes), or the seed of an Ed25519 key (32 bytes). */
  get scalar(): Uint8Array {
    return this.derived('scalar', () => Buffer.from(this.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  }

  /** A value that depends on the key alone, made once. */
  derived(name: string, make: () => Uint8Array): Uint8Array {
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#derived.set(name, made);
    return made;
  }
}

const keptKeys = 256;
const recentlyUsed = new Map<string, ParsedKey>();

/** The parsed form of PKCS#8 bytes. Throws OpenSSL's error where they are no private key. */
export function parsedKey(pkcs8: Uint8Array): ParsedKey {
  const digest = hash('sha256', pkcs8, 'base64');
  const key = recentlyUsed.get(digest) ?? new ParsedKey(pkcs8);
  recentlyUsed.delete(digest);
  recentlyUsed.set(digest, key);
  if (recentlyUsed.size > keptKeys) {
    const [oldest] = recentlyUsed.keys();
    if (oldest !== undefined) recentlyUsed.delete(oldest);
  }
  return key;
}
