import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { derTag, encodeDer, readDer, readSequence } from './formats/der.ts';

/**
 * New key material. Symmetric and HMAC: random bytes. All else: a PKCS#8 private key in DER (RFC 5958), made on
 * libuv's thread pool, since an RSA_4096 pair takes a second or more.
 */
export type MaterialGenerator = () => Promise<Buffer>;

export function randomMaterial(sizeBytes: number): MaterialGenerator {
  return async () => randomBytes(sizeBytes);
}

/** Public exponent 65537. */
export function rsaMaterial(modulusBits: number): MaterialGenerator {
  return () => pkcs8Of((done) => generateKeyPair('rsa', { modulusLength: modulusBits, publicExponent: 0x10001 }, done));
}

/** `namedCurve`: OpenSSL's name of it. SM2 is one of its curves: id-ecPublicKey with OID 1.2.156.10197.1.301. */
export function ecMaterial(namedCurve: string): MaterialGenerator {
  return () => pkcs8Of((done) => generateKeyPair('ec', { namedCurve }, done));
}

export const edwards25519Material: MaterialGenerator = () => pkcs8Of((done) => generateKeyPair('ed25519', {}, done));

export function mlDsaMaterial(sizeName: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87'): MaterialGenerator {
  return () => pkcs8Of((done) => generateKeyPair(sizeName as 'ml-dsa-44', {}, done));
}

export function mlKemMaterial(sizeName: 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024'): MaterialGenerator {
  return () => pkcs8Of((done) => generateKeyPair(sizeName as 'ml-kem-512', {}, done));
}

/**
 * An ML-KEM private key with its 64-byte seed d ‖ z alone (RFC 9935 §6), 86 bytes for every size: the form in
 * which GenerateDataKeyPair hands it out
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html).
 */
export function mlKemSeedForm(pkcs8: Uint8Array): Buffer {
  const both = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({
    format: 'der',
    type: 'pkcs8',
  });
  const [version, algorithm, key] = readSequence(both, derTag.integer, derTag.sequence, derTag.octetString);
  const [seed] = readSequence(key!, derTag.octetString, derTag.octetString);
  return encodeDer(
    derTag.sequence,
    encodeDer(derTag.integer, version!),
    encodeDer(derTag.sequence, algorithm!),
    encodeDer(derTag.octetString, encodeDer(seedTag, seed!)),
  );
}

/** [0] IMPLICIT OCTET STRING. */
const seedTag = 0x80;

/** The expanded private key of an ML-DSA key object, from the forms `both` and `expandedKey` (RFC 9881 §6). */
export function expandedMlDsaKey(privateKey: KeyObject): Buffer {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const [, , key] = readSequence(pkcs8, derTag.integer, derTag.sequence, derTag.octetString);
  const [choice] = readDer(key!);
  if (choice?.tag === derTag.octetString) return Buffer.from(choice.content);
  const [, expanded] = readSequence(key!, derTag.octetString, derTag.octetString);
  return Buffer.from(expanded!);
}

type PairCallback = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void;

function pkcs8Of(generate: (done: PairCallback) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    generate((error, _publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(privateKey.export({ format: 'der', type: 'pkcs8' }));
    });
  });
}
