import { hash } from 'node:crypto';
import { decodeUnsigned, derTag, encodeDer, encodeUnsigned, readDer, readSequence } from '../formats/der.ts';
import type { ParsedKey } from '../formats/parsed-key.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Implements SM2 (GB/T 32918.2 signatures, .4 encryption; ISO/IEC 14888-3, draft-shen-sm2-ecdsa-02). node:crypto can
 * read and write SM2 keys, but it cannot set a distinguishing id or encrypt. sm-crypto-v2 does the arithmetic, and this
 * file reads and writes all encodings. AWS uses the distinguishing id 1234567812345678 and ASN.1 ciphertexts
 * (https://docs.aws.amazon.com/kms/latest/developerguide/offline-operations.html#key-spec-sm-offline-verification).
 */

const distinguishingId = Buffer.from('1234567812345678', 'latin1');
const pointBytes = 65;
const numberBytes = 32;

/** The parameters a ‖ b ‖ xG ‖ yG of the recommended curve (GB/T 32918.5 §2), which are hashed into Z. */
const curveParameters = Buffer.from(
  'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc' +
    '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93' +
    '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7' +
    'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
  'hex',
);

/** Signs and verifies with MessageType DIGEST. The caller passes e = SM3(Z ‖ message), which is 32 bytes long. */
export const sm2OverDigest: SignaturePrimitive = {
  messageBytes: 32,
  sign: async (key, digest) => {
    const sm2 = await load();
    const signature = Buffer.from(sm2.doSignature(digest, exportPrivateHex(key)), 'hex');
    return encodeDer(
      derTag.sequence,
      encodeUnsigned(signature.subarray(0, numberBytes)),
      encodeUnsigned(signature.subarray(numberBytes)),
    );
  },
  verify: async (key, digest, signature) => {
    const sm2 = await load();
    try {
      const [r, s] = readSequence(signature, derTag.integer, derTag.integer);
      const rs = Buffer.concat([decodeUnsigned(r!, numberBytes), decodeUnsigned(s!, numberBytes)]);
      if (r![0] === 0 && r!.length === 1) return false; // the library checks only the range of s
      return sm2.doVerifySignature(digest, rs.toString('hex'), exportPublicHex(key));
    } catch {
      return false; // not DER, or r or s out of range
    }
  },
};

/** Signs and verifies with MessageType RAW. Computes e from the message. */
export const sm2OverMessage: SignaturePrimitive = {
  sign: (key, message) => sm2OverDigest.sign(key, computeDigest(key, message)),
  verify: (key, message, signature) => sm2OverDigest.verify(key, computeDigest(key, message), signature),
};

/**
 * Encrypts at least 1 byte. Returns
 * SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING (32), ciphertext OCTET STRING } (GM/T 0009-2012 §7.2).
 */
export async function encryptSm2(key: ParsedKey, plaintext: Uint8Array): Promise<Buffer> {
  const sm2 = await load();
  for (;;) {
    const raw = Buffer.from(sm2.doEncrypt(plaintext, exportPublicHex(key)), 'hex');
    const c2 = raw.subarray(3 * numberBytes);
    // GB/T 32918.4 §6.1 A5: Start over if the key stream is all zeros. For one byte, the probability is 1 in 256.
    if (c2.equals(plaintext)) continue;
    return encodeDer(
      derTag.sequence,
      encodeUnsigned(raw.subarray(0, numberBytes)),
      encodeUnsigned(raw.subarray(numberBytes, 2 * numberBytes)),
      encodeDer(derTag.octetString, raw.subarray(2 * numberBytes, 3 * numberBytes)),
      encodeDer(derTag.octetString, c2),
    );
  }
}

/** Returns the plaintext, or `undefined` if the ciphertext was not encrypted under this key. */
export async function decryptSm2(key: ParsedKey, ciphertext: Uint8Array): Promise<Buffer | undefined> {
  const sm2 = await load();
  try {
    const { integer, octetString } = derTag;
    const [x, y, c3, c2] = readSequence(ciphertext, integer, integer, octetString, octetString);
    if (c3!.length !== numberBytes || c2!.length === 0) return undefined;
    const raw = Buffer.concat([decodeUnsigned(x!, numberBytes), decodeUnsigned(y!, numberBytes), c3!, c2!]);
    const plaintext = sm2.doDecrypt(raw.toString('hex'), exportPrivateHex(key), 1, { output: 'array' });
    return plaintext.length === 0 ? undefined : Buffer.from(plaintext);
  } catch {
    return undefined; // not DER, or not a point on the curve
  }
}

/**
 * Returns the x coordinate (32 bytes) of the shared point, or `undefined` if `peerPoint` (65 bytes) is not on the
 * curve.
 */
export async function computeSm2SharedX(key: ParsedKey, peerPoint: Uint8Array): Promise<Buffer | undefined> {
  const sm2 = await load();
  try {
    return Buffer.from(
      sm2.ecdh(exportPrivateHex(key), Buffer.from(peerPoint).toString('hex'), false).subarray(1, 1 + numberBytes),
    );
  } catch {
    return undefined;
  }
}

/**
 * Computes e = SM3(Z ‖ message) with Z = SM3(ENTL ‖ id ‖ a ‖ b ‖ xG ‖ yG ‖ xA ‖ yA). ENTL is the length of the id in
 * bits, in 2 bytes (§5.5).
 */
function computeDigest(key: ParsedKey, message: Uint8Array): Buffer {
  const z = key.derive('SM2 Z', () => {
    const idBits = Buffer.alloc(2);
    idBits.writeUInt16BE(8 * distinguishingId.length);
    const point = key.rawPublicKey(pointBytes).subarray(1);
    return hash('sm3', Buffer.concat([idBits, distinguishingId, curveParameters, point]), 'buffer');
  });
  return hash('sm3', Buffer.concat([z, message]), 'buffer');
}

function exportPublicHex(key: ParsedKey): string {
  return Buffer.from(key.rawPublicKey(pointBytes)).toString('hex');
}

/**
 * Reads the scalar from PrivateKeyInfo { version, algorithm, ECPrivateKey { 1, privateKey OCTET STRING, … } } (RFC
 * 5958, RFC 5915).
 */
function exportPrivateHex(key: ParsedKey): string {
  const scalar = key.derive('SM2 scalar', () => {
    const pkcs8 = key.privateKey.export({ format: 'der', type: 'pkcs8' });
    const [, , ecPrivateKey] = readSequence(pkcs8, derTag.integer, derTag.sequence, derTag.octetString);
    const [sequence] = readDer(ecPrivateKey!);
    const [, privateKey] = readDer(sequence!.content);
    return Buffer.from(privateKey!.content);
  });
  return Buffer.from(scalar).toString('hex');
}

const load = async () => (await import('sm-crypto-v2')).sm2;
