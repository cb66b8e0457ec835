import {
  constants,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  randomBytes,
} from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KmsError } from '../../../emulator/core/kms-error.ts';
import { readCbor } from '../../../emulator/crypto/formats/cbor.ts';
import { envelopData } from '../../../emulator/crypto/formats/enveloped-data.ts';
import { publicKeyOf } from '../../../emulator/crypto/formats/public-key.ts';
import { attestationOf, encryptForRecipient } from '../../../emulator/crypto/recipient.ts';
import fixture from '../../vectors/ciphertext-for-recipient.json' with { type: 'json' };
import { attestationDocument, attestationPayload, encodeCbor } from './attestation.ts';
import { hex, materialOf } from './test-materials.ts';

const recipient = (document: Uint8Array) => ({
  KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
  AttestationDocument: document,
});
const invalid = (reason: string) => ({
  code: 'ValidationException',
  message: `AttestationDocument is not a valid attestation document: ${reason}.`,
});

/** Where the parts that differ from answer to answer stand in KMS's encoding, for an RSA_2048 recipient. */
const layout = { keyIdentifier: [33, 65], encryptedKey: [131, 387], iv: [415, 431], content: [435, -10] } as const;
const part = (cms: Buffer, name: keyof typeof layout) => cms.subarray(...layout[name]);

describe('Recipient', () => {
  test('CiphertextForRecipient has the bytes of an answer of AWS but for what is random', () => {
    const real = Buffer.from(fixture.ciphertext, 'base64');
    const publicKey = createPublicKey({ key: fixture.publicKey, format: 'jwk' });
    const ours = envelopData(publicKey, randomBytes(fixture.plaintextBytes));
    expect(part(ours, 'keyIdentifier')).toEqual(part(real, 'keyIdentifier'));
    for (const cms of [real, ours])
      for (const name of ['encryptedKey', 'iv', 'content'] as const) part(cms, name).fill(0);
    expect(ours.toString('hex')).toBe(real.toString('hex'));
  });

  test('only the holder of the private key reads it', async () => {
    const material = await materialOf('RSA_2048');
    const attestation = attestationOf(recipient(attestationDocument(publicKeyOf(material))));
    expect(attestation.moduleId).toBe('i-0123456789abcdef0-enc0123456789abcdef');
    expect(attestation.pcrs.get(0)).toEqual(Buffer.alloc(48));
    const plaintext = randomBytes(32);
    const cms = encryptForRecipient(attestation, plaintext);
    const privateKey = createPrivateKey({ key: Buffer.from(material), format: 'der', type: 'pkcs8' });
    const contentKey = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      part(cms, 'encryptedKey'),
    );
    const decipher = createDecipheriv('aes-256-cbc', contentKey, part(cms, 'iv'));
    expect(Buffer.concat([decipher.update(part(cms, 'content')), decipher.final()])).toEqual(plaintext);
  });

  test('a document with the tag of COSE_Sign1 is one too', async () => {
    const document = attestationDocument(publicKeyOf(await materialOf('RSA_2048')));
    expect(attestationOf(recipient(Buffer.concat([Buffer.of(0xd2), document]))).publicKey.asymmetricKeyType).toBe(
      'rsa',
    );
  });

  test('another KeyEncryptionAlgorithm, or no document, is refused', () => {
    expect(() =>
      attestationOf({ KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', AttestationDocument: Buffer.of(1) }),
    ).toThrow('Recipient.KeyEncryptionAlgorithm must be RSAES_OAEP_SHA_256.');
    expect(() => attestationOf({ KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' })).toThrow(
      'Recipient.AttestationDocument is missing.',
    );
  });

  test('a malformed document is refused, and the message says why', async () => {
    const publicKey = publicKeyOf(await materialOf('RSA_2048'));
    const without = (changes: Record<string, unknown>) => attestationDocument(publicKey, changes);
    const rows: [Uint8Array, string][] = [
      [Buffer.of(0xff), 'it is not CBOR'],
      [encodeCbor([1, 2]), 'it is not a COSE_Sign1 structure'],
      [encodeCbor([Buffer.of(), new Map(), 'text', Buffer.of()]), 'it is not a COSE_Sign1 structure'],
      [encodeCbor([Buffer.of(), new Map(), encodeCbor([]), Buffer.of()]), 'its payload is not a map'],
      [without({ module_id: '' }), 'it has no module_id'],
      [without({ digest: 'SHA256' }), 'its digest is not SHA384'],
      [without({ timestamp: 'now' }), 'it has no timestamp'],
      [without({ certificate: null }), 'it has no certificate'],
      [without({ cabundle: null }), 'it has no cabundle'],
      [without({ pcrs: null }), 'it has no pcrs'],
      [without({ pcrs: new Map([[0, Buffer.alloc(20)]]) }), 'its pcrs are not registers of 32, 48 or 64 bytes'],
      [without({ public_key: null }), 'it has no public_key'],
      [without({ public_key: Buffer.of(1) }), 'its public_key is not a DER-encoded public key'],
      [
        without({ public_key: publicKeyOf(await materialOf('ECC_NIST_P256')) }),
        'its public_key is not an RSA key of 2048 bits or more',
      ],
    ];
    for (const [document, reason] of rows) {
      expect(() => attestationOf(recipient(document)), reason).toThrow(expect.objectContaining(invalid(reason)));
    }
  });

  test('any bytes fail with a KmsError only', async () => {
    const good = attestationDocument(publicKeyOf(await materialOf('RSA_2048')));
    const altered = fc
      .tuple(fc.nat(good.length - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.from(good).fill(byte, at, at + 1));
    fc.assert(
      fc.property(fc.oneof(altered, fc.uint8Array({ minLength: 1 })), (document) => {
        try {
          attestationOf(recipient(document));
        } catch (error) {
          expect(error).toBeInstanceOf(KmsError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('CBOR', () => {
  test('reads the examples of RFC 8949 appendix A', () => {
    const rows: [string, unknown][] = [
      ['00', 0],
      ['1818', 24],
      ['1903e8', 1000],
      ['1a000f4240', 1000000],
      ['1b000000e8d4a51000', 1000000000000],
      ['29', -10],
      ['3903e7', -1000],
      ['f4', false],
      ['f5', true],
      ['f6', null],
      ['c11a514b67b0', 1363896240],
      ['4401020304', hex('01020304')],
      ['62c3bc', 'ü'],
      ['8301820203820405', [1, [2, 3], [4, 5]]],
      [
        'a26161016162820203',
        new Map<string, unknown>([
          ['a', 1],
          ['b', [2, 3]],
        ]),
      ],
    ];
    for (const [bytes, value] of rows) expect(readCbor(hex(bytes))).toEqual(value);
  });

  test.for([
    ['', 'the end'],
    ['0000', 'two items'],
    ['5f42010243030405ff', 'an indefinite length'],
    ['1c', 'a reserved length'],
    ['f90000', 'a float'],
    ['f7', 'undefined'],
    ['62ff00', 'text that is not UTF-8'],
    ['a201010102', 'a key twice'],
    ['a1f501', 'a key that is neither integer nor text'],
    ['1b0020000000000000', '2^53'],
    ['9bffffffffffffffff', 'an array longer than memory'],
    ['818181818181818180', 'nine levels'],
  ])('refuses %s: %s', ([bytes]) => {
    expect(() => readCbor(hex(bytes!))).toThrow(expect.objectContaining({ name: 'CborError' }));
  });

  test('reads back what it was given', () => {
    const value = fc.letrec((tie) => ({
      item: fc.oneof(
        { maxDepth: 4 },
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.string({ unit: 'binary' }),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.array(tie('item')),
      ),
    })).item;
    fc.assert(
      fc.property(value, (item) => {
        expect(readCbor(encodeCbor(item))).toEqual(item);
      }),
    );
    expect(readCbor(attestationPayload(Buffer.of(1)))).toBeInstanceOf(Map);
  });
});
