import { readExpandedMlDsaKey } from '../formats/lattice-private-key.ts';
import type { ParsedKey } from '../formats/parsed-key.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Implements ML-DSA over the 64-byte message representative μ (FIPS 204 §6.2, Algorithm 7 from line 7) with
 * @noble/post-quantum, because node:crypto does not support this form. As in OpenSSL, signatures are hedged, so two signatures
 * of the same μ differ.
 */

interface ParameterSet {
  readonly publicKeyBytes: number;
  load(): Promise<NobleMlDsa>;
}
type NobleMlDsa = typeof import('@noble/post-quantum/ml-dsa.js')['ml_dsa44'];

/** The parameter sets by the key object's `asymmetricKeyType`. */
const parameterSets = new Map<string | undefined, ParameterSet>([
  ['ml-dsa-44', { publicKeyBytes: 1312, load: async () => (await import('@noble/post-quantum/ml-dsa.js')).ml_dsa44 }],
  ['ml-dsa-65', { publicKeyBytes: 1952, load: async () => (await import('@noble/post-quantum/ml-dsa.js')).ml_dsa65 }],
  ['ml-dsa-87', { publicKeyBytes: 2592, load: async () => (await import('@noble/post-quantum/ml-dsa.js')).ml_dsa87 }],
]);

export const mlDsaOverMu: SignaturePrimitive = {
  messageBytes: 64,
  sign: async (key, mu) => {
    const mlDsa = await getParameterSet(key).load();
    return mlDsa.internal.sign(mu, deriveExpandedKey(key), { externalMu: true });
  },
  verify: async (key, mu, signature) => {
    const { load, publicKeyBytes } = getParameterSet(key);
    const mlDsa = await load();
    if (signature.length !== mlDsa.internal.lengths.signature) return false;
    return mlDsa.internal.verify(signature, mu, key.rawPublicKey(publicKeyBytes), { externalMu: true });
  },
};

/** Returns the expanded private key, which is 2560, 4032 or 4896 bytes long. */
function deriveExpandedKey(key: ParsedKey): Uint8Array {
  return key.derive('expanded ML-DSA key', () => readExpandedMlDsaKey(key.privateKey));
}

function getParameterSet({ privateKey }: ParsedKey): ParameterSet {
  const parameterSet = parameterSets.get(privateKey.asymmetricKeyType);
  if (parameterSet === undefined) throw new Error('The key is not an ML-DSA key');
  return parameterSet;
}
