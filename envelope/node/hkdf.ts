import { hash } from 'node:crypto';
import type { KeyDerivation } from '../format/key-derivation.ts';

const hashes = {
  'SHA-256': { name: 'sha256', blockBytes: 64 },
  'SHA-384': { name: 'sha384', blockBytes: 128 },
  'SHA-512': { name: 'sha512', blockBytes: 128 },
} as const;

type Hash = (typeof hashes)[keyof typeof hashes];

/**
 * Derives keys from one secret: HKDF (RFC 5869, https://datatracker.ietf.org/doc/html/rfc5869) for keys that are not
 * longer than a hash. Built on the one-call `hash`, because two calls of `hkdfSync` take two to three times as long.
 */
export function deriveHkdf(
  { hash: name, salt }: Pick<KeyDerivation, 'hash' | 'salt'>,
  secret: Uint8Array,
  infos: readonly Uint8Array[],
  keyBytes: number,
): readonly Uint8Array[] {
  const pseudorandomKey = computeHmac(hashes[name], salt, secret);
  const keys = infos.map((info) => {
    const block = computeHmac(hashes[name], pseudorandomKey, info, firstBlock);
    const key = new Uint8Array(block.subarray(0, keyBytes));
    block.fill(0);
    return key;
  });
  pseudorandomKey.fill(0);
  return keys;
}

const firstBlock = Uint8Array.of(1);

/** Computes an HMAC (RFC 2104). The key must not be longer than a block of the hash function. */
function computeHmac({ name, blockBytes }: Hash, key: Uint8Array, ...texts: readonly Uint8Array[]): Buffer {
  const inner = joinToKey(key, 0x36, blockBytes, texts);
  const innerHash = hash(name, inner, 'buffer');
  const outer = joinToKey(key, 0x5c, blockBytes, [innerHash]);
  const hmac = hash(name, outer, 'buffer');
  for (const secret of [inner, innerHash, outer]) secret.fill(0);
  return hmac;
}

/** Returns the padded key, followed by the texts. */
function joinToKey(key: Uint8Array, pad: number, blockBytes: number, texts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(texts.reduce((length, text) => length + text.length, blockBytes)).fill(pad);
  for (let index = 0; index < key.length; index += 1) joined[index] = (key[index] as number) ^ pad;
  let offset = blockBytes;
  for (const text of texts) {
    joined.set(text, offset);
    offset += text.length;
  }
  return joined;
}
