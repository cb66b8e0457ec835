import { createPrivateKey, type KeyObject } from 'node:crypto';
import { derTag, encodeDer, readDer, readSequence } from './der.ts';

/** The PKCS#8 forms of ML-KEM and ML-DSA private keys: seed, expanded key, or both (RFC 9881 §6, RFC 9935 §6). */

/**
 * Converts an ML-KEM private key to the form that contains only its 64-byte seed d ‖ z (RFC 9935 §6). The result is 86
 * bytes long for every key spec. GenerateDataKeyPair returns this form
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html).
 */
export function toMlKemSeedForm(pkcs8: Uint8Array): Buffer {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  // OpenSSL exports both the seed and the expanded key.
  const both = privateKey.export({ format: 'der', type: 'pkcs8' });
  const [version, algorithm, key] = readSequence(both, derTag.integer, derTag.sequence, derTag.octetString);
  const [seed] = readSequence(key!, derTag.octetString, derTag.octetString);
  return encodeDer(
    derTag.sequence,
    encodeDer(derTag.integer, version!),
    encodeDer(derTag.sequence, algorithm!),
    encodeDer(derTag.octetString, encodeDer(seedTag, seed!)),
  );
}

/** The tag of the seed, [0] IMPLICIT OCTET STRING. */
const seedTag = 0x80;

/** Reads the expanded private key of an ML-DSA key from the forms `both` and `expandedKey` (RFC 9881 §6). */
export function readExpandedMlDsaKey(privateKey: KeyObject): Buffer {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const [, , key] = readSequence(pkcs8, derTag.integer, derTag.sequence, derTag.octetString);
  const [choice] = readDer(key!);
  if (choice?.tag === derTag.octetString) return Buffer.from(choice.content);
  const [, expanded] = readSequence(key!, derTag.octetString, derTag.octetString);
  return Buffer.from(expanded!);
}
