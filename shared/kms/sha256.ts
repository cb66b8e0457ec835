import { createHash, createHmac, createSecretKey, type Hash, type Hmac, hash, type KeyObject } from 'node:crypto';

type Secret = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256 and HMAC-SHA-256 for the SDK's request signer. Saves about 30 µs per request compared with the SDK's class,
 * because it hashes a single chunk in one call and keeps a key object for each secret.
 */
export class Sha256 {
  readonly #secret: Secret | undefined;
  #hmac: Hmac | undefined;
  #hash: Hash | undefined;
  #firstChunk: Uint8Array | undefined;

  constructor(secret?: Secret) {
    this.#secret = secret || undefined;
    this.reset();
  }

  update(data: Uint8Array): void {
    if (this.#hmac !== undefined) this.#hmac.update(data);
    else if (this.#hash !== undefined) this.#hash.update(data);
    else if (this.#firstChunk === undefined) this.#firstChunk = data;
    else this.#hash = createHash('sha256').update(this.#firstChunk).update(data);
  }

  digest(): Promise<Uint8Array> {
    const started = this.#hmac ?? this.#hash;
    return Promise.resolve(started?.digest() ?? hash('sha256', this.#firstChunk ?? '', 'buffer'));
  }

  reset(): void {
    this.#hmac = this.#secret === undefined ? undefined : createHmac('sha256', getKeyObject(this.#secret));
    this.#hash = undefined;
    this.#firstChunk = undefined;
  }
}

/** The signing keys that the SDK derives and caches for a day. */
const derivedKeys = new WeakMap<ArrayBuffer | ArrayBufferView, KeyObject>();
/** The current secret access key. Lambda replaces it a few times a day. */
let current: { readonly secret: string; readonly key: KeyObject } | undefined;

function toBytes(secret: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret);
}

function getKeyObject(secret: Secret): KeyObject {
  if (typeof secret === 'string') {
    if (current?.secret !== secret) current = { secret, key: createSecretKey(secret, 'utf8') };
    return current.key;
  }
  let key = derivedKeys.get(secret);
  if (key === undefined) {
    key = createSecretKey(toBytes(secret));
    derivedKeys.set(secret, key);
  }
  return key;
}
