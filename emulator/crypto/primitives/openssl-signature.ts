import { type SignKeyObjectInput, sign, verify } from 'node:crypto';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Creates a primitive that signs whole messages with OpenSSL. `hashName` is null if the algorithm includes its hash
 * (Ed25519, ML-DSA). `usesThreadPool` moves signing to libuv's thread pool, for algorithms that take a millisecond or
 * more. A P-256 signature takes less time than waking up a thread.
 */
export function opensslSignature(
  hashName: string | null,
  {
    usesThreadPool = false,
    ...padding
  }: Pick<SignKeyObjectInput, 'padding' | 'saltLength'> & { usesThreadPool?: boolean } = {},
): SignaturePrimitive {
  return {
    sign: async ({ privateKey }, message) => {
      const key = { key: privateKey, ...padding };
      if (!usesThreadPool) return sign(hashName, message, key);
      return new Promise((resolve, reject) => {
        sign(hashName, message, key, (error, signature) => (error ? reject(error) : resolve(signature)));
      });
    },
    verify: async ({ publicKey }, message, signature) =>
      verify(hashName, message, { key: publicKey, ...padding }, signature),
  };
}
