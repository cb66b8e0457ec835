import type { ParsedKey } from '../formats/parsed-key.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Implements ECDSA over a digest (FIPS 186-5 §6.4; SEC 1 §4.1) with @noble/curves, because node:crypto always hashes
 * the message. As in KMS, signatures are DER (RFC 3279 §2.2.3) and s can be in either half of the range. Nonces follow
 * RFC 6979 with added randomness.
 */

interface Curve {
  readonly pointBytes: number;
  load(): Promise<NobleEcdsa>;
}
type NobleEcdsa = Awaited<ReturnType<typeof loadP256>>;

const loadP256 = async () => (await import('@noble/curves/nist.js')).p256;

/** The curves by OpenSSL curve name. */
const curves = new Map<string | undefined, Curve>([
  ['prime256v1', { pointBytes: 65, load: loadP256 }],
  ['secp384r1', { pointBytes: 97, load: async () => (await import('@noble/curves/nist.js')).p384 }],
  ['secp521r1', { pointBytes: 133, load: async () => (await import('@noble/curves/nist.js')).p521 }],
  ['secp256k1', { pointBytes: 65, load: async () => (await import('@noble/curves/secp256k1.js')).secp256k1 }],
]);

const signatureOptions = { prehash: false, lowS: false, format: 'der' } as const;

export function ecdsaOverDigest(digestBytes: number): SignaturePrimitive {
  return {
    messageBytes: digestBytes,
    sign: async (key, digest) => {
      const ecdsa = await getCurve(key).load();
      return ecdsa.sign(digest, key.scalar, { ...signatureOptions, extraEntropy: true });
    },
    verify: async (key, digest, signature) => {
      const { load, pointBytes } = getCurve(key);
      const ecdsa = await load();
      try {
        return ecdsa.verify(signature, digest, key.rawPublicKey(pointBytes), signatureOptions);
      } catch {
        return false; // not DER
      }
    },
  };
}

function getCurve({ publicKey }: ParsedKey): Curve {
  const curve = curves.get(publicKey.asymmetricKeyDetails?.namedCurve);
  if (curve === undefined) throw new Error('The curve of the key does not support ECDSA');
  return curve;
}
