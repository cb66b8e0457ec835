import { createHash, createHmac, createSecretKey, type Hash, type Hmac, hash, type KeyObject } from 'node:crypto';

type Secret = string | Uint8Array;

/**
 * SHA-256 and HMAC-SHA-256 as the SDK's signer asks for them. Most of the time of either goes into making it: what is
 * hashed whole is hashed in one call, and a secret's key object is kept while the secret is.
 */
export class Sha256Node {
  readonly #secret: Secret | undefined;
  #hmac: Hmac | undefined;
  #hash: Hash | undefined;
  #first: Uint8Array | undefined;

  constructor(secret?: Secret) {
    this.#secret = secret || undefined;
    this.reset();
  }

  update(data: Uint8Array): void {
    if (this.#hmac !== undefined) this.#hmac.update(data);
    else if (this.#hash !== undefined) this.#hash.update(data);
    else if (this.#first === undefined) this.#first = data;
    else this.#hash = createHash('sha256').update(this.#first).update(data);
  }

  digest(): Promise<Uint8Array> {
    const started = this.#hmac ?? this.#hash;
    return Promise.resolve(started?.digest() ?? hash('sha256', this.#first ?? '', 'buffer'));
  }

  reset(): void {
    this.#hmac = this.#secret === undefined ? undefined : createHmac('sha256', keyOf(this.#secret));
    this.#hash = undefined;
    this.#first = undefined;
  }
}

/** The signer's own keys, which it keeps for a day. */
const derivedKeys = new WeakMap<Uint8Array, KeyObject>();
/** The last secret access key: credentials change some times a day. */
let lastText: { readonly secret: string; readonly key: KeyObject } | undefined;

function keyOf(secret: Secret): KeyObject {
  if (typeof secret === 'string') {
    if (lastText?.secret !== secret) lastText = { secret, key: createSecretKey(secret, 'utf8') };
    return lastText.key;
  }
  let key = derivedKeys.get(secret);
  if (key === undefined) {
    key = createSecretKey(secret);
    derivedKeys.set(secret, key);
  }
  return key;
}
