import { constants, createCipheriv, hash, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { derTag, encodeDer } from './der.ts';

/**
 * CMS EnvelopedData (RFC 5652 §6) with the same lengths, tags and algorithms as CiphertextForRecipient in published AWS
 * responses (test/vectors/README.md). The outer structures are BER with indefinite lengths. The single
 * KeyTransRecipientInfo identifies the recipient by the SHA-256 digest of its SPKI. The content key is encrypted with
 * RSAES-OAEP (SHA-256, and MGF1 over SHA-256). The content is encrypted with AES-256-CBC and PKCS #7 padding.
 */

const oid = {
  data: Buffer.from('2a864886f70d010701', 'hex'), // 1.2.840.113549.1.7.1
  envelopedData: Buffer.from('2a864886f70d010703', 'hex'), // 1.2.840.113549.1.7.3
  rsaesOaep: Buffer.from('2a864886f70d010107', 'hex'), // 1.2.840.113549.1.1.7
  mgf1: Buffer.from('2a864886f70d010108', 'hex'), // 1.2.840.113549.1.1.8
  sha256: Buffer.from('608648016503040201', 'hex'), // 2.16.840.1.101.3.4.2.1
  aes256Cbc: Buffer.from('60864801650304012a', 'hex'), // 2.16.840.1.101.3.4.1.42
};
const derNull = Buffer.of(0x05, 0x00);
const version2 = encodeDer(derTag.integer, Buffer.of(2));
/** The tag [0], primitive, for subjectKeyIdentifier (IMPLICIT). */
const subjectKeyIdentifierTag = 0x80;
/** The tag [0], constructed. */
const contextTag = 0xa0;
const endOfContents = Buffer.alloc(2);

/** Encrypts under an RSA key of at least 2048 bits. Each call generates a new content key and initialization vector. */
export function createEnvelopedData(publicKey: KeyObject, plaintext: Uint8Array): Buffer {
  const contentKey = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', contentKey, iv);
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);

  const encryptedContentInfo = encodeIndefinite(
    derTag.sequence,
    encodeDer(derTag.oid, oid.data),
    encodeAlgorithm(oid.aes256Cbc, encodeDer(derTag.octetString, iv)),
    encodeIndefinite(contextTag, encodeDer(derTag.octetString, encrypted)),
  );
  const recipientInfos = encodeDer(derTag.set, encodeRecipientInfo(publicKey, contentKey));
  const envelopedData = encodeIndefinite(derTag.sequence, version2, recipientInfos, encryptedContentInfo);
  return encodeIndefinite(
    derTag.sequence,
    encodeDer(derTag.oid, oid.envelopedData),
    encodeIndefinite(contextTag, envelopedData),
  );
}

function encodeRecipientInfo(publicKey: KeyObject, contentKey: Buffer): Buffer {
  const keyIdentifier = hash('sha256', publicKey.export({ format: 'der', type: 'spki' }), 'buffer');
  const encryptedKey = publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
    contentKey,
  );
  return encodeDer(
    derTag.sequence,
    version2,
    encodeDer(subjectKeyIdentifierTag, keyIdentifier),
    encodeAlgorithm(oid.rsaesOaep, oaepParameters),
    encodeDer(derTag.octetString, encryptedKey),
  );
}

/** The RSAES-OAEP-params (RFC 8017 §A.2.1), with [0] hashAlgorithm and [1] maskGenAlgorithm. */
const oaepParameters = encodeDer(
  derTag.sequence,
  encodeDer(0xa0, encodeAlgorithm(oid.sha256, derNull)),
  encodeDer(0xa1, encodeAlgorithm(oid.mgf1, encodeAlgorithm(oid.sha256, derNull))),
);

function encodeAlgorithm(identifier: Buffer, parameters: Buffer): Buffer {
  return encodeDer(derTag.sequence, encodeDer(derTag.oid, identifier), parameters);
}

/** Encodes BER with an indefinite length: tag, 0x80, contents, 0x0000 (X.690 §8.1.3.6). */
function encodeIndefinite(tag: number, ...contents: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(tag, 0x80), ...contents, endOfContents]);
}
