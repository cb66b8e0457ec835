import type { ParsedKey } from '../formats/parsed-key.ts';
import { expandedMlDsaKey } from '../key-generation.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * ML-DSA over the 64-byte message representative μ (FIPS 204 §6.2, Algorithm 7 from line 7), which node:crypto does not
 * have: @noble/post-quantum. Hedged, as OpenSSL's are: two signatures of one μ differ, both verify, inside and outside.
 */
const parameterSets: Readonly<Record<string, { readonly publicKeyBytes: number; load(): Promise<NobleMlDsa> }>> =
  Object.assign(Object.create(null), {
    'ml-dsa-44': { publicKeyBytes: 1312, load: async () => (await import('@noble/post-quantum/ml-dsa.js')).ml_dsa44 },
    'ml-dsa-65': { publicKeyBytes: 1952, load: async () => (await import('@noble/post-quantum/ml-dsa.js')).ml_dsa65 },
    'ml-dsa-87': { publicKeyBytes: 2592, load: async () => (await import('@noble/post-quantum/ml-dsa.js')).ml_dsa87 },
  });

type NobleMlDsa = typeof import('@noble/post-quantum/ml-dsa.js')['ml_dsa44'];

export const mlDsaOverMu: SignaturePrimitive = {
  messageBytes: 64,
  sign: async (key, mu) => {
    const mlDsa = await parameterSetOf(key).load();
    return mlDsa.internal.sign(mu, expandedKey(key), { externalMu: true });
  },
  verify: async (key, mu, signature) => {
    const { load, publicKeyBytes } = parameterSetOf(key);
    const mlDsa = await load();
    if (signature.length !== mlDsa.internal.lengths.signature) return false;
    return mlDsa.internal.verify(signature, mu, key.rawPublicKey(publicKeyBytes), { externalMu: true });
  },
};

/** 2560, 4032 or 4896 bytes. */
function expandedKey(key: ParsedKey): Uint8Array {
  return key.derived('expanded ML-DSA key', () => expandedMlDsaKey(key.privateKey));
}

function parameterSetOf({ privateKey }: ParsedKey) {
  const parameterSet = parameterSets[privateKey.asymmetricKeyType ?? ''];
  if (parameterSet === undefined) throw new Error('Not an ML-DSA key');
  return parameterSet;
}
