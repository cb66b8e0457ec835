import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { compatibleRow } from '../compatibility.ts';
import { type ParsedKey, parsedKey } from '../formats/parsed-key.ts';
import type { KeySpec, KeySpecRow } from '../key-specs.ts';
import { sm2SharedX } from './sm2.ts';

/**
 * DeriveSharedSecret: ECC CDH (NIST SP 800-56A §5.7.1.2); the secret is the x coordinate of the shared point, raw.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html
 */
export type SharedSecretRequest = {
  readonly keySpec: KeySpec;
  readonly algorithm: string;
  /** The peer's public key: SubjectPublicKeyInfo in DER, of the same curve. */
  readonly publicKey: Uint8Array;
  readonly material: Uint8Array;
};

/** 32 bytes for P-256 and SM2, 48 for P-384, 66 for P-521. */
export async function deriveSharedSecret({
  keySpec,
  algorithm,
  publicKey,
  material,
}: SharedSecretRequest): Promise<Buffer> {
  const row = compatibleRow(keySpec, 'KEY_AGREEMENT', algorithm);
  const key = parsedKey(material);
  const secret = row.family === 'SM2' ? await sm2Secret(key, publicKey) : nistSecret(row, key, publicKey);
  if (secret === undefined) {
    throw new KmsError('ValidationException', `PublicKey is not a DER-encoded public key of key spec ${keySpec}.`);
  }
  return secret;
}

function nistSecret(row: KeySpecRow, { privateKey }: ParsedKey, spki: Uint8Array): Buffer | undefined {
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined; // not an SPKI, or a point off the curve
  }
  if (publicKey.asymmetricKeyDetails?.namedCurve !== row.curve) return undefined;
  return diffieHellman({ privateKey, publicKey });
}

/** Everything before the point is the same in every SPKI of the curve. */
async function sm2Secret(key: ParsedKey, spki: Uint8Array): Promise<Buffer | undefined> {
  const pointStart = key.spki.length - 64;
  const sameHead =
    spki.length === key.spki.length &&
    Buffer.compare(spki.subarray(0, pointStart), key.spki.subarray(0, pointStart)) === 0;
  return sameHead ? sm2SharedX(key, spki.subarray(pointStart - 1)) : undefined;
}
