import { generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';

/**
 * Generates key material. Symmetric and HMAC keys have random bytes, and all other keys have a PKCS#8 private key in
 * DER (RFC 5958). Key pairs are generated on libuv's thread pool, because an RSA_4096 pair takes a second or more.
 */
export type MaterialGenerator = () => Promise<Buffer>;

export async function generateBytes(sizeBytes: number): Promise<Buffer> {
  return randomBytes(sizeBytes);
}

/** Generates an RSA key with the public exponent 65537. */
export function generateRsaKey(modulusBits: number): Promise<Buffer> {
  return exportGenerated((done) =>
    generateKeyPair('rsa', { modulusLength: modulusBits, publicExponent: 0x10001 }, done),
  );
}

/**
 * Generates a key on an elliptic curve. `namedCurve` is the OpenSSL curve name, including SM2 (id-ecPublicKey with OID
 * 1.2.156.10197.1.301).
 */
export function generateEcKey(namedCurve: string): Promise<Buffer> {
  return exportGenerated((done) => generateKeyPair('ec', { namedCurve }, done));
}

export function generateEd25519Key(): Promise<Buffer> {
  return exportGenerated((done) => generateKeyPair('ed25519', {}, done));
}

export function generateMlDsaKey(size: 44 | 65 | 87): Promise<Buffer> {
  return exportGenerated((done) => generateKeyPair(`ml-dsa-${size}` as 'ml-dsa-44', {}, done));
}

export function generateMlKemKey(size: 512 | 768 | 1024): Promise<Buffer> {
  return exportGenerated((done) => generateKeyPair(`ml-kem-${size}` as 'ml-kem-512', {}, done));
}

type PairCallback = (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void;

function exportGenerated(generate: (done: PairCallback) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    generate((error, _publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(privateKey.export({ format: 'der', type: 'pkcs8' }));
    });
  });
}
