import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { requireAlgorithmSupport } from '../algorithm-support.ts';
import { derTag, readSequence } from '../formats/der.ts';
import { type ParsedKey, parseKey } from '../formats/parsed-key.ts';
import type { KeyAgreementAlgorithm, KeySpec, KeySpecRow } from '../key-specs.ts';
import { computeSm2SharedX } from './sm2.ts';

/**
 * Implements DeriveSharedSecret with ECC CDH (NIST SP 800-56A §5.7.1.2). The secret is the raw x coordinate of the
 * shared point. https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html
 */

export interface SharedSecretRequest {
  readonly keySpec: KeySpec;
  readonly algorithm: KeyAgreementAlgorithm;
  /** The peer's public key on the same curve, as SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly material: Uint8Array;
}

/** Returns 32 bytes for P-256 and SM2, 48 bytes for P-384, and 66 bytes for P-521. */
export async function deriveSharedSecret({
  keySpec,
  algorithm,
  publicKey,
  material,
}: SharedSecretRequest): Promise<Buffer> {
  const row = requireAlgorithmSupport(keySpec, 'KEY_AGREEMENT', algorithm);
  const key = parseKey(material);
  const secret = row.family === 'SM2' ? await deriveSm2(key, publicKey) : deriveNist(row, key, publicKey);
  // AWS returns no message (recorded).
  if (secret === undefined) throw new KmsError('ValidationException');
  return secret;
}

function deriveNist(row: KeySpecRow, { privateKey }: ParsedKey, spki: Uint8Array): Buffer | undefined {
  let publicKey: KeyObject;
  try {
    // OpenSSL ignores bytes after the SPKI.
    readSequence(spki, derTag.sequence, derTag.bitString);
    publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined; // not an SPKI, or a point off the curve
  }
  if (publicKey.asymmetricKeyDetails?.namedCurve !== row.curve) return undefined;
  return diffieHellman({ privateKey, publicKey });
}

/** Compares the two SPKIs without their points. SPKIs on the same curve differ only in the point. */
async function deriveSm2(key: ParsedKey, spki: Uint8Array): Promise<Buffer | undefined> {
  const pointStart = key.spki.length - 64;
  const hasSamePrefix =
    spki.length === key.spki.length &&
    Buffer.compare(spki.subarray(0, pointStart), key.spki.subarray(0, pointStart)) === 0;
  return hasSamePrefix ? computeSm2SharedX(key, spki.subarray(pointStart - 1)) : undefined;
}
