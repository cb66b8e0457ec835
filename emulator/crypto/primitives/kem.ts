// Node.js has these functions since 24.7. A named import would fail while the module loads.
import crypto from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { requireAlgorithmSupport } from '../algorithm-support.ts';
import { parseKey } from '../formats/parsed-key.ts';
import type { EncapsulationAlgorithm, KeySpec } from '../key-specs.ts';

/**
 * Implements Encapsulate and Decapsulate with ML-KEM (FIPS 203). The shared secret is 32 bytes long.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decapsulate.html
 */

export interface KemRequest {
  readonly keySpec: KeySpec;
  readonly algorithm: EncapsulationAlgorithm;
  readonly material: Uint8Array;
}

export function encapsulate({ keySpec, algorithm, material }: KemRequest): {
  sharedSecret: Buffer;
  ciphertext: Buffer;
} {
  requireAlgorithmSupport(keySpec, 'ENCAPSULATE_DECAPSULATE', algorithm);
  const { sharedKey, ciphertext } = crypto.encapsulate(parseKey(material).publicKey);
  return { sharedSecret: sharedKey, ciphertext };
}

/**
 * Throws InvalidCiphertextException if the ciphertext has the wrong length. Any other invalid ciphertext results in a
 * different secret (implicit rejection).
 */
export function decapsulate({
  keySpec,
  algorithm,
  material,
  ciphertext,
}: KemRequest & { readonly ciphertext: Uint8Array }): Buffer {
  const row = requireAlgorithmSupport(keySpec, 'ENCAPSULATE_DECAPSULATE', algorithm);
  if (ciphertext.length !== row.kemCiphertextBytes) throw new KmsError('InvalidCiphertextException');
  return crypto.decapsulate(parseKey(material).privateKey, ciphertext);
}
