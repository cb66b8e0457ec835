import { decapsulate, encapsulate, type KeyObject, sign, verify } from 'node:crypto';
import { KmsError } from '../core/kms-error.ts';
import { ParsedKey } from './formats/parsed-key.ts';
import { type KeySpec, type KeySpecRow, keySpecs } from './key-specs.ts';
import { isSm2Pair } from './primitives/sm2.ts';

/**
 * What plaintext key material ImportKeyMaterial takes: raw bytes of the exact length for SYMMETRIC_DEFAULT and HMAC,
 * else a PKCS#8 private key in DER (RFC 5208, RFC 5958) of exactly this spec, whose two halves belong together.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html#importing-keys-material-requirements
 *
 * Gives the material to keep (PKCS#8 as OpenSSL writes it, so without attributes), or throws IncorrectKeyMaterialException.
 */
export async function checkImportedMaterial(keySpec: KeySpec, plaintext: Uint8Array): Promise<Buffer> {
  const row = keySpecs[keySpec];
  if (row.rawBytes !== undefined) {
    if (plaintext.length !== row.rawBytes)
      throw incorrect(`Key material of key spec ${keySpec} has ${row.rawBytes} bytes.`);
    return Buffer.from(plaintext);
  }
  let key: ParsedKey;
  try {
    key = new ParsedKey(plaintext);
  } catch {
    throw incorrect('Key material is not a PKCS#8 private key in DER.');
  }
  if (!isOfSpec(key, row)) throw incorrect(`Key material is not a private key of key spec ${keySpec}.`);
  if (!(await isPair(key, row)))
    throw incorrect('The private and the public part of the key material do not belong together.');
  return key.privateKey.export({ format: 'der', type: 'pkcs8' });
}

function isOfSpec({ privateKey, spki }: ParsedKey, row: KeySpecRow): boolean {
  // Node.js gives a parsed SM2 key no type: its SPKI tells.
  if (row.family === 'SM2') return spki.length === sm2SpkiBytes && Buffer.from(spki).includes(sm2Oid);
  if (privateKey.asymmetricKeyType !== row.keyType) return false;
  if (row.family === 'RSA') return privateKey.asymmetricKeyDetails?.modulusLength === row.size;
  return privateKey.asymmetricKeyDetails?.namedCurve === row.curve;
}

const sm2SpkiBytes = 91;
/** 1.2.156.10197.1.301 */
const sm2Oid = Buffer.from('06082a811ccf5501822d', 'hex');

const probe = Buffer.from('kms-functions pair-wise consistency test');

async function isPair(key: ParsedKey, row: KeySpecRow): Promise<boolean> {
  try {
    if (row.family === 'SM2') return await isSm2Pair(key);
    if (row.family === 'ML_KEM') return isKemPair(key);
    return isSigningPair(
      key.privateKey,
      key.publicKey,
      row.family === 'RSA' || row.family === 'ECDSA' ? 'sha256' : null,
    );
  } catch {
    return false;
  }
}

function isKemPair({ privateKey, publicKey }: ParsedKey): boolean {
  const { sharedKey, ciphertext } = encapsulate(publicKey);
  return sharedKey.equals(decapsulate(privateKey, ciphertext));
}

function isSigningPair(privateKey: KeyObject, publicKey: KeyObject, hashName: string | null): boolean {
  return verify(hashName, probe, publicKey, sign(hashName, probe, privateKey));
}

function incorrect(message: string): KmsError {
  return new KmsError('IncorrectKeyMaterialException', message);
}
