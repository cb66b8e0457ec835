import type { Bytes } from '../../shared/declaration/base64.ts';

type Data = string | ArrayBuffer | ArrayBufferView;

/**
 * Computes SHA-256, or HMAC-SHA-256 if there is a secret. Implements the AWS signer's hash interface with the Web
 * Cryptography API, which Node.js and browsers (on https: and localhost) support.
 */
export class WebSha256 {
  readonly #secret: Bytes | undefined;
  #chunks: Uint8Array[] = [];

  constructor(secret?: Data) {
    this.#secret = secret === undefined ? undefined : toBytes(secret);
  }

  update(data: Data): void {
    this.#chunks.push(toBytes(data));
  }

  async digest(): Promise<Uint8Array> {
    const message = new Uint8Array(await new Blob(this.#chunks as Bytes[]).arrayBuffer());
    if (this.#secret === undefined) return new Uint8Array(await crypto.subtle.digest('SHA-256', message));
    const hmac = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('raw', this.#secret, hmac, false, ['sign']);
    return new Uint8Array(await crypto.subtle.sign('HMAC', key, message));
  }

  reset(): void {
    this.#chunks = [];
  }
}

function toBytes(data: Data): Bytes {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  // Copies the data, because the signer may change its buffer before the digest is computed.
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  return new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
