import type { ParsedKey } from '../formats/parsed-key.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * ECDSA over a digest (FIPS 186-5 §6.4; SEC 1 §4.1), which node:crypto does not have: @noble/curves. Signatures are DER
 * (RFC 3279 §2.2.3), with either half of s, as KMS gives and takes them; the nonce is RFC 6979's with added randomness.
 */
type Curve = { readonly pointBytes: number; load(): Promise<NobleEcdsa> };
type NobleEcdsa = Awaited<ReturnType<typeof loadP256>>;

const loadP256 = async () => (await import('@noble/curves/nist.js')).p256;

const curves: Readonly<Record<string, Curve>> = Object.assign(Object.create(null), {
  prime256v1: { pointBytes: 65, load: loadP256 },
  secp384r1: { pointBytes: 97, load: async () => (await import('@noble/curves/nist.js')).p384 },
  secp521r1: { pointBytes: 133, load: async () => (await import('@noble/curves/nist.js')).p521 },
  secp256k1: { pointBytes: 65, load: async () => (await import('@noble/curves/secp256k1.js')).secp256k1 },
} satisfies Record<string, Curve>);

const asGiven = { prehash: false, lowS: false, format: 'der' } as const;

export function ecdsaOverDigest(digestBytes: number): SignaturePrimitive {
  return {
    messageBytes: digestBytes,
    sign: async (key, digest) => {
      const ecdsa = await curveOf(key).load();
      return ecdsa.sign(digest, key.scalar, { ...asGiven, extraEntropy: true });
    },
    verify: async (key, digest, signature) => {
      const { load, pointBytes } = curveOf(key);
      const ecdsa = await load();
      try {
        return ecdsa.verify(signature, digest, key.rawPublicKey(pointBytes), asGiven);
      } catch {
        return false; // not DER
      }
    },
  };
}

function curveOf({ publicKey }: ParsedKey): Curve {
  const curve = curves[publicKey.asymmetricKeyDetails?.namedCurve ?? ''];
  if (curve === undefined) throw new Error('Not a key of a curve with ECDSA');
  return curve;
}
