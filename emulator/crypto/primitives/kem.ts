import { decapsulate as opensslDecapsulate, encapsulate as opensslEncapsulate } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { compatibleRow } from '../compatibility.ts';
import { parsedKey } from '../formats/parsed-key.ts';
import type { KeySpec } from '../key-specs.ts';

/**
 * Encapsulate and Decapsulate: ML-KEM (FIPS 203). The shared secret has 32 bytes.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decapsulate.html
 */
export type KemRequest = { readonly keySpec: KeySpec; readonly algorithm: string; readonly material: Uint8Array };

/** FIPS 203, table 3, by the size of the parameter set. */
const ciphertextBytes: Readonly<Record<number, number>> = { 512: 768, 768: 1088, 1024: 1568 };

export function encapsulate({ keySpec, algorithm, material }: KemRequest): {
  sharedSecret: Buffer;
  ciphertext: Buffer;
} {
  compatibleRow(keySpec, 'ENCAPSULATE_DECAPSULATE', algorithm);
  const { sharedKey, ciphertext } = opensslEncapsulate(parsedKey(material).publicKey);
  return { sharedSecret: sharedKey, ciphertext };
}

/** A ciphertext of another length is an error; any other that is wrong gives another secret (implicit rejection). */
export function decapsulate({
  keySpec,
  algorithm,
  material,
  ciphertext,
}: KemRequest & { readonly ciphertext: Uint8Array }): Buffer {
  const row = compatibleRow(keySpec, 'ENCAPSULATE_DECAPSULATE', algorithm);
  if (ciphertext.length !== ciphertextBytes[row.size]) throw new KmsError('InvalidCiphertextException');
  return opensslDecapsulate(parsedKey(material).privateKey, ciphertext);
}
