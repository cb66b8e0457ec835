import { parseKey } from './parsed-key.ts';

/**
 * Exports the public key of asymmetric key material in the format that GetPublicKey returns: X.509 SubjectPublicKeyInfo
 * in DER (RFC 5280 §4.1; EC: RFC 5480, named curve, uncompressed point; Ed25519: RFC 8410; ML-DSA: RFC 9881; ML-KEM:
 * RFC 9935).
 */
export function exportPublicKey(material: Uint8Array): Buffer {
  return Buffer.from(parseKey(material).spki);
}
