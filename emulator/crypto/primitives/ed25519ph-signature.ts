import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Implements Ed25519ph (RFC 8032 §5.1) with an empty context and @noble/curves, because node:crypto does not support
 * this algorithm. KMS uses the caller's SHA-512 digest (64 bytes) as the message and hashes the digest again, as
 * documented for MessageType:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-MessageType
 */
export const ed25519phOverDigest: SignaturePrimitive = {
  messageBytes: 64,
  sign: async (key, digest) => (await load()).sign(digest, key.scalar),
  verify: async (key, digest, signature) => {
    const ed25519ph = await load();
    try {
      return ed25519ph.verify(signature, digest, key.rawPublicKey(32), { zip215: false });
    } catch {
      return false; // not 64 bytes
    }
  },
};

const load = async () => (await import('@noble/curves/ed25519.js')).ed25519ph;
