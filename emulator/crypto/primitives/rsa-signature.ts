import { constants, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';
import { derTag, encodeDer } from '../formats/der.ts';
import { opensslSignature } from './openssl-signature.ts';
import { encodePss, type PssHash, verifyPss } from './pss.ts';
import type { SignaturePrimitive } from './signature-primitive.ts';

/**
 * Implements RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8). OpenSSL signs messages. This file encodes digests and
 * passes them to OpenSSL's RSASP1 and RSAVP1 without padding.
 */

const digestBytes: Readonly<Record<PssHash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** The contents of the OIDs 2.16.840.1.101.3.4.2.1 to .3 (RFC 8017 §B.1). */
const hashOid: Readonly<Record<PssHash, Buffer>> = {
  sha256: Buffer.from('608648016503040201', 'hex'),
  sha384: Buffer.from('608648016503040202', 'hex'),
  sha512: Buffer.from('608648016503040203', 'hex'),
};
const derNull = Buffer.of(0x05, 0x00);

export function rsaPkcs1(hashName: PssHash): SignaturePrimitive {
  return overMessage(hashName, { padding: constants.RSA_PKCS1_PADDING });
}

export function rsaPss(hashName: PssHash): SignaturePrimitive {
  return overMessage(hashName, {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

/**
 * Requires a signature as long as the modulus (§8.1.2, §8.2.2). OpenSSL also accepts a signature without its leading zero
 * bytes.
 */
function overMessage(hashName: PssHash, padding: { padding: number; saltLength?: number }): SignaturePrimitive {
  const openssl = opensslSignature(hashName, { usesThreadPool: true, ...padding });
  return {
    ...openssl,
    verify: async (key, message, signature) =>
      signature.length === getModulusBytes(key.publicKey) && openssl.verify(key, message, signature),
  };
}

export function rsaPkcs1OverDigest(hashName: PssHash): SignaturePrimitive {
  return {
    messageBytes: digestBytes[hashName],
    sign: async ({ privateKey }, digest) =>
      rawSign(privateKey, encodePkcs1(digest, hashName, getModulusBytes(privateKey))),
    // Encodes the digest instead of decoding the signature (§8.2.2), so that only the exact padding is accepted.
    verify: async ({ publicKey }, digest, signature) =>
      rawVerify(publicKey, signature)?.equals(encodePkcs1(digest, hashName, getModulusBytes(publicKey))) ?? false,
  };
}

export function rsaPssOverDigest(hashName: PssHash): SignaturePrimitive {
  return {
    messageBytes: digestBytes[hashName],
    sign: async ({ privateKey }, digest) =>
      rawSign(privateKey, encodePss(digest, getModulusBits(privateKey) - 1, hashName)),
    verify: async ({ publicKey }, digest, signature) => {
      const encoded = rawVerify(publicKey, signature);
      return encoded !== undefined && verifyPss(encoded, digest, getModulusBits(publicKey) - 1, hashName);
    },
  };
}

/** Encodes EMSA-PKCS1-v1_5 (§9.2): 0x00 ‖ 0x01 ‖ 0xff… ‖ 0x00 ‖ DigestInfo. */
function encodePkcs1(digest: Uint8Array, hashName: PssHash, emBytes: number): Buffer {
  const algorithm = encodeDer(derTag.sequence, encodeDer(derTag.oid, hashOid[hashName]), derNull);
  const digestInfo = encodeDer(derTag.sequence, algorithm, encodeDer(derTag.octetString, digest));
  const padding = Buffer.alloc(emBytes - digestInfo.length - 3, 0xff);
  return Buffer.concat([Buffer.of(0x00, 0x01), padding, Buffer.of(0x00), digestInfo]);
}

function rawSign(privateKey: KeyObject, encoded: Buffer): Buffer {
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}

/**
 * Recovers the signed number, which is as long as the modulus. Returns `undefined` unless the signature is a number
 * below the modulus.
 */
function rawVerify(publicKey: KeyObject, signature: Uint8Array): Buffer | undefined {
  if (signature.length !== getModulusBytes(publicKey)) return undefined;
  try {
    return publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return undefined;
  }
}

function getModulusBits(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

function getModulusBytes(key: KeyObject): number {
  return Math.ceil(getModulusBits(key) / 8);
}
