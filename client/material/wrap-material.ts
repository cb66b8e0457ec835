import { concatBytes } from '../../envelope/format/byte-writer.ts';
import type { Bytes } from '../../shared/declaration/base64.ts';
import type { InputFor } from '../operation-types.ts';

/**
 * How material is encrypted for the import
 * (https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html):
 *
 * - `RSAES_OAEP_SHA_256`: with the wrapping key
 * - `RSA_AES_KEY_WRAP_SHA_256`: with an AES key, which the wrapping key encrypts. RSA private keys need this algorithm.
 */
export type WrappingAlgorithm = Extract<
  InputFor<'getParametersForImport'>['WrappingAlgorithm'],
  'RSAES_OAEP_SHA_256' | 'RSA_AES_KEY_WRAP_SHA_256'
>;

/** The specs of the wrapping keys. */
export type WrappingKeySpec = Exclude<InputFor<'getParametersForImport'>['WrappingKeySpec'], 'SM2'>;

const modulusBytes: Readonly<Record<WrappingKeySpec, number>> = { RSA_2048: 256, RSA_3072: 384, RSA_4096: 512 };
/** The bytes that OAEP with SHA-256 adds (RFC 8017 §7.1.1). */
const oaepBytes = 66;

/**
 * Returns the chosen algorithm. The default is direct encryption if the material fits. Throws RangeError if the material
 * does not fit the chosen algorithm.
 */
export function selectWrappingAlgorithm(
  materialBytes: number,
  keySpec: WrappingKeySpec,
  chosen?: WrappingAlgorithm,
): WrappingAlgorithm {
  const fits = materialBytes <= modulusBytes[keySpec] - oaepBytes;
  if (!fits && chosen === 'RSAES_OAEP_SHA_256')
    throw new RangeError(
      `The material has ${materialBytes} bytes. ${chosen} encrypts at most ${modulusBytes[keySpec] - oaepBytes} with ${keySpec}. Use RSA_AES_KEY_WRAP_SHA_256.`,
    );
  return chosen ?? (fits ? 'RSAES_OAEP_SHA_256' : 'RSA_AES_KEY_WRAP_SHA_256');
}

/** Encrypts material with the public key of GetParametersForImport, a SubjectPublicKeyInfo. */
export async function wrapMaterial(material: Bytes, publicKey: Bytes, algorithm: WrappingAlgorithm): Promise<Bytes> {
  const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('spki', publicKey, oaep, false, ['encrypt']);
  const encrypt = async (bytes: Bytes) => new Uint8Array(await crypto.subtle.encrypt(oaep, key, bytes));
  if (algorithm === 'RSAES_OAEP_SHA_256') return encrypt(material);
  const aesKey = crypto.getRandomValues(new Uint8Array(32));
  try {
    // WebCrypto has no key wrap with padding (RFC 5649). The module loads only for this algorithm.
    const { aeskwp } = await import('@noble/ciphers/aes.js');
    return concatBytes([await encrypt(aesKey), aeskwp(aesKey).encrypt(material)]);
  } finally {
    aesKey.fill(0);
  }
}
