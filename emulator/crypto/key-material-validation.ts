import crypto, { type KeyObject, sign, verify } from 'node:crypto';
import { ParsedKey } from './formats/parsed-key.ts';
import { type KeySpec, type KeySpecRow, keySpecs } from './key-specs.ts';
import { requireRuntimeSupport } from './runtime-support.ts';

/** Key material that does not suit the key spec. The message contains the rule. */
export class KeyMaterialError extends Error {
  override readonly name = 'KeyMaterialError';
}

/**
 * Validates the plaintext material in an ImportKeyMaterial request and returns the bytes to store. SYMMETRIC_DEFAULT
 * and HMAC keys accept raw bytes whose length is in the key spec's range. Every other key spec accepts a PKCS#8 private key in DER (RFC
 * 5208, RFC 5958) with exactly that key spec and with a matching public key.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html#importing-keys-material-requirements
 *
 * The returned PKCS#8 comes from OpenSSL, so it does not contain attributes. Throws KeyMaterialError, or
 * UnsupportedOperationException if the running Node.js does not support the key spec.
 */
export async function validateKeyMaterial(keySpec: KeySpec, plaintext: Uint8Array): Promise<Buffer> {
  const row = keySpecs[keySpec];
  if (row.rawBytes !== undefined) {
    const { rawBytes: min, maxRawBytes: max = min } = row;
    if (plaintext.length < min || plaintext.length > max) {
      const range = min === max ? `${min}` : `${min} to ${max}`;
      throw new KeyMaterialError(`Key material of key spec ${keySpec} must be ${range} bytes long.`);
    }
    return Buffer.from(plaintext);
  }
  requireRuntimeSupport(row);
  let key: ParsedKey;
  try {
    key = new ParsedKey(plaintext);
  } catch {
    throw new KeyMaterialError('Key material must be a PKCS#8 private key in DER.');
  }
  if (!matchesKeySpec(key, row))
    throw new KeyMaterialError(`Key material must be a private key of key spec ${keySpec}.`);
  if (!isMatchingPair(key, row)) {
    throw new KeyMaterialError('The public key in the key material must belong to its private key.');
  }
  return key.privateKey.export({ format: 'der', type: 'pkcs8' });
}

function matchesKeySpec({ privateKey, spki }: ParsedKey, row: KeySpecRow): boolean {
  // Node.js reports no type for a parsed SM2 key, so check its SPKI.
  if (row.family === 'SM2') return spki.length === sm2SpkiBytes && Buffer.from(spki).includes(sm2Oid);
  if (privateKey.asymmetricKeyType !== row.keyType) return false;
  if (row.family === 'RSA') return privateKey.asymmetricKeyDetails?.modulusLength === row.modulusBits;
  return privateKey.asymmetricKeyDetails?.namedCurve === row.curve;
}

const sm2SpkiBytes = 91;
/** The OID of the SM2 curve, 1.2.156.10197.1.301. */
const sm2Oid = Buffer.from('06082a811ccf5501822d', 'hex');

const probe = Buffer.from('kms-functions pair-wise consistency test');

function isMatchingPair(key: ParsedKey, row: KeySpecRow): boolean {
  try {
    if (row.family === 'ML_KEM') return isKemPair(key);
    const hashName = row.family === 'RSA' || row.family === 'ECDSA' ? 'sha256' : null;
    return isSigningPair(key.privateKey, key.publicKey, hashName);
  } catch {
    return false;
  }
}

function isKemPair({ privateKey, publicKey }: ParsedKey): boolean {
  const { sharedKey, ciphertext } = crypto.encapsulate(publicKey);
  return sharedKey.equals(crypto.decapsulate(privateKey, ciphertext));
}

function isSigningPair(privateKey: KeyObject, publicKey: KeyObject, hashName: string | null): boolean {
  return verify(hashName, probe, publicKey, sign(hashName, probe, privateKey));
}
