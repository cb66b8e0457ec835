import {
  constants,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  randomBytes,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KmsError } from '../../../emulator/core/kms-error.ts';
import { encryptForRecipient, readRecipientAttestation } from '../../../emulator/crypto/ciphertext-for-recipient.ts';
import { createEnvelopedData } from '../../../emulator/crypto/formats/enveloped-data.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import fixture from '../../vectors/ciphertext-for-recipient.json' with { type: 'json' };
import { buildAttestationDocument, encodeCbor } from './attestation.ts';
import { getMaterial } from './test-materials.ts';

const recipient = (document: Uint8Array) => ({
  KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
  AttestationDocument: document,
});
const invalid = (reason: string) => ({
  code: 'ValidationException',
  message: `AttestationDocument is not a valid attestation document: ${reason}.`,
});

/** The positions of the parts that differ between responses to an RSA_2048 recipient. */
const layout = { keyIdentifier: [33, 65], encryptedKey: [131, 387], iv: [415, 431], content: [435, -10] } as const;
const slicePart = (cms: Buffer, name: keyof typeof layout) => cms.subarray(...layout[name]);

describe('encryption for a recipient', () => {
  test('CiphertextForRecipient has the same bytes as in an AWS response, except for the random parts', () => {
    const real = Buffer.from(fixture.ciphertext, 'base64');
    const publicKey = createPublicKey({ key: fixture.publicKey, format: 'jwk' });
    const ours = createEnvelopedData(publicKey, randomBytes(fixture.plaintextBytes));
    expect(slicePart(ours, 'keyIdentifier')).toEqual(slicePart(real, 'keyIdentifier'));
    for (const cms of [real, ours])
      for (const name of ['encryptedKey', 'iv', 'content'] as const) slicePart(cms, name).fill(0);
    expect(ours.toString('hex')).toBe(real.toString('hex'));
  });

  test('CiphertextForRecipient can be decrypted with the private key for the attestation document', async () => {
    const material = await getMaterial('RSA_2048');
    const attestation = readRecipientAttestation(recipient(buildAttestationDocument(exportPublicKey(material))));
    expect(attestation.moduleId).toBe('i-0123456789abcdef0-enc0123456789abcdef');
    expect(attestation.pcrs.get(0)).toEqual(Buffer.alloc(48));
    const plaintext = randomBytes(32);
    const cms = encryptForRecipient(attestation, plaintext);
    const privateKey = createPrivateKey({ key: Buffer.from(material), format: 'der', type: 'pkcs8' });
    const contentKey = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      slicePart(cms, 'encryptedKey'),
    );
    const decipher = createDecipheriv('aes-256-cbc', contentKey, slicePart(cms, 'iv'));
    expect(Buffer.concat([decipher.update(slicePart(cms, 'content')), decipher.final()])).toEqual(plaintext);
  });

  test('encryption for a recipient accepts an attestation document with the COSE_Sign1 tag', async () => {
    const document = buildAttestationDocument(exportPublicKey(await getMaterial('RSA_2048')));
    expect(
      readRecipientAttestation(recipient(Buffer.concat([Buffer.of(0xd2), document]))).publicKey.asymmetricKeyType,
    ).toBe('rsa');
  });

  test('encryption for a recipient rejects an unknown KeyEncryptionAlgorithm and a missing attestation document', () => {
    expect(() =>
      readRecipientAttestation({ KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', AttestationDocument: Buffer.of(1) }),
    ).toThrow(
      expect.objectContaining({
        code: 'ValidationException',
        message: 'Recipient.KeyEncryptionAlgorithm must be RSAES_OAEP_SHA_256.',
      }),
    );
    for (const AttestationDocument of [undefined, Buffer.alloc(0)]) {
      expect(() =>
        readRecipientAttestation({ KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument }),
      ).toThrow(
        expect.objectContaining({ code: 'ValidationException', message: 'Recipient.AttestationDocument is missing.' }),
      );
    }
  });

  test('encryption for a recipient uses a new content key and IV each time', async () => {
    const publicKey = createPublicKey({
      key: exportPublicKey(await getMaterial('RSA_2048')),
      format: 'der',
      type: 'spki',
    });
    const all = Array.from({ length: 5 }, () => createEnvelopedData(publicKey, Buffer.alloc(32)));
    for (const name of ['encryptedKey', 'iv', 'content'] as const) {
      expect(new Set(all.map((cms) => slicePart(cms, name).toString('hex'))).size, name).toBe(5);
    }
  });

  test('encryption for a recipient accepts only registers of 32, 48 or 64 bytes, with whole numbers as their names', async () => {
    const publicKey = exportPublicKey(await getMaterial('RSA_2048'));
    const read = (pcrs: Map<unknown, unknown>) =>
      readRecipientAttestation(recipient(buildAttestationDocument(publicKey, { pcrs })));
    for (const bytes of [32, 48, 64]) {
      expect(read(new Map([[4, Buffer.alloc(bytes, 1)]])).pcrs.get(4)).toEqual(Buffer.alloc(bytes, 1));
    }
    const reason = 'pcrs must contain registers of 32, 48 or 64 bytes';
    for (const bytes of [0, 31, 33, 47, 49, 63, 65]) {
      expect(() => read(new Map([[0, Buffer.alloc(bytes)]])), `${bytes} bytes`).toThrow(
        expect.objectContaining(invalid(reason)),
      );
    }
    for (const pcrs of [new Map([['0', Buffer.alloc(48)]]), new Map([[0, 'text']])]) {
      expect(() => read(pcrs)).toThrow(expect.objectContaining(invalid(reason)));
    }
  });

  test.for([
    ['rsa', 1024],
    ['rsa-pss', 2048],
  ] as const)('encryption for a recipient rejects a public key of type %s with %i bits', ([type, modulusLength]) => {
    const { publicKey } = generateKeyPairSync(type as 'rsa', { modulusLength });
    const document = buildAttestationDocument(publicKey.export({ format: 'der', type: 'spki' }));
    expect(() => readRecipientAttestation(recipient(document))).toThrow(
      expect.objectContaining(invalid('public_key must be an RSA key of at least 2048 bits')),
    );
  });

  test('encryption for a recipient rejects a malformed attestation document and reports the reason', async () => {
    const publicKey = exportPublicKey(await getMaterial('RSA_2048'));
    const withMembers = (changes: Record<string, unknown>) => buildAttestationDocument(publicKey, changes);
    const rows: [Uint8Array, string][] = [
      [Buffer.of(0xff), 'it must be CBOR'],
      [encodeCbor([1, 2]), 'it must be a COSE_Sign1 structure'],
      [encodeCbor([Buffer.of(), new Map(), 'text', Buffer.of()]), 'it must be a COSE_Sign1 structure'],
      [encodeCbor([Buffer.of(), new Map(), encodeCbor([]), Buffer.of()]), 'its payload must be a map'],
      [withMembers({ module_id: '' }), 'module_id must be text'],
      [withMembers({ digest: 'SHA256' }), 'digest must be SHA384'],
      [withMembers({ timestamp: 'now' }), 'timestamp must be an integer'],
      [withMembers({ certificate: null }), 'certificate must be a byte string'],
      [withMembers({ cabundle: null }), 'cabundle must be an array'],
      [withMembers({ pcrs: null }), 'pcrs must be a map'],
      [withMembers({ pcrs: new Map([[0, Buffer.alloc(20)]]) }), 'pcrs must contain registers of 32, 48 or 64 bytes'],
      [withMembers({ public_key: null }), 'public_key must be a byte string'],
      [withMembers({ public_key: Buffer.of(1) }), 'public_key must be a DER-encoded public key'],
      [
        withMembers({ public_key: exportPublicKey(await getMaterial('ECC_NIST_P256')) }),
        'public_key must be an RSA key of at least 2048 bits',
      ],
    ];
    for (const [document, reason] of rows) {
      expect(() => readRecipientAttestation(recipient(document)), reason).toThrow(
        expect.objectContaining(invalid(reason)),
      );
    }
  });

  test('encryption for a recipient throws only KmsError for an attestation document of arbitrary bytes', async () => {
    const good = buildAttestationDocument(exportPublicKey(await getMaterial('RSA_2048')));
    const altered = fc
      .tuple(fc.nat(good.length - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.from(good).fill(byte, at, at + 1));
    fc.assert(
      fc.property(fc.oneof(altered, fc.uint8Array({ minLength: 1 })), (document) => {
        try {
          readRecipientAttestation(recipient(document));
        } catch (error) {
          expect(error).toBeInstanceOf(KmsError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
