import { parsedKey } from './parsed-key.ts';

/**
 * The public key of an asymmetric key's material, as GetPublicKey gives it: X.509 SubjectPublicKeyInfo in DER
 * (RFC 5280 §4.1; EC: RFC 5480, named curve, uncompressed point; Ed25519: RFC 8410; ML-DSA: RFC 9881; ML-KEM: RFC 9935).
 */
export function publicKeyOf(material: Uint8Array): Buffer {
  return Buffer.from(parsedKey(material).spki);
}
