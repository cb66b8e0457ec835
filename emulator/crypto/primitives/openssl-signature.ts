import { type SignKeyObjectInput, sign, verify } from 'node:crypto';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Signatures over whole messages, which OpenSSL makes. `hashName` null: the algorithm has its own (Ed25519, ML-DSA).
 * `pooled`: on libuv's threads, for what takes a millisecond or more; a P-256 signature is done before a thread wakes.
 */
export function opensslSignature(
  hashName: string | null,
  { pooled = false, ...padding }: Pick<SignKeyObjectInput, 'padding' | 'saltLength'> & { pooled?: boolean } = {},
): SignaturePrimitive {
  return {
    sign: async ({ privateKey }, message) => {
      const key = { key: privateKey, ...padding };
      if (!pooled) return sign(hashName, message, key);
      return new Promise((resolve, reject) => {
        sign(hashName, message, key, (error, signature) => (error ? reject(error) : resolve(signature)));
      });
    },
    verify: async ({ publicKey }, message, signature) =>
      verify(hashName, message, { key: publicKey, ...padding }, signature),
  };
}
