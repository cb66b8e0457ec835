import { createHash, createHmac, createSecretKey, type Hash, type Hmac, hash, type KeyObject } from 'node:crypto';

type Secret = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256 and HMAC-SHA-256 for the SDK's request signer. Saves about 40 µs per request compared with the SDK's class,
 * because it hashes a single chunk in one call, keeps a key object for each secret, and keeps the last digest with a secret
 * access key.
 */
export class Sha256 {
  readonly #secret: Secret | undefined;
  #started: Hmac | Hash | undefined;
  #firstChunk: Uint8Array | undefined;

  constructor(secret?: Secret) {
    this.#secret = secret || undefined;
  }

  update(data: Uint8Array): void {
    if (this.#started !== undefined) this.#started.update(data);
    else if (this.#firstChunk === undefined) this.#firstChunk = data;
    else this.#started = this.#start().update(this.#firstChunk).update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#started?.digest() ?? this.#digestChunk(this.#firstChunk ?? new Uint8Array()));
  }

  reset(): void {
    this.#started = undefined;
    this.#firstChunk = undefined;
  }

  #start(): Hmac | Hash {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', getKeyObject(this.#secret));
  }

  #digestChunk(chunk: Uint8Array): Uint8Array {
    if (this.#secret === undefined) return hash('sha256', chunk, 'buffer');
    if (typeof this.#secret !== 'string') return this.#start().update(chunk).digest();
    if (last?.secret !== this.#secret || Buffer.compare(last.chunk, chunk) !== 0)
      last = { secret: this.#secret, chunk: chunk.slice(), digest: this.#start().update(chunk).digest() };
    return last.digest;
  }
}

/** The last digest with a secret access key. The SDK computes this digest for each request, to find its signing key. */
let last: { readonly secret: string; readonly chunk: Uint8Array; readonly digest: Uint8Array } | undefined;

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
