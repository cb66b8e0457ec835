import { execFileSync, spawnSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encryptForRecipient, readRecipientAttestation } from '../../../emulator/crypto/ciphertext-for-recipient.ts';
import { exportPublicKey } from '../../../emulator/crypto/formats/public-key.ts';
import { validateKeyMaterial } from '../../../emulator/crypto/key-material-validation.ts';
import type { EncryptionAlgorithm, KeySpec, SigningAlgorithm } from '../../../emulator/crypto/key-specs.ts';
import { unwrapKeyMaterial } from '../../../emulator/crypto/key-wrapping.ts';
import { decryptAsymmetric, encryptAsymmetric } from '../../../emulator/crypto/primitives/asymmetric-encryption.ts';
import { type MessageType, sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import { buildAttestationDocument } from './attestation.ts';
import { getMaterial } from './test-materials.ts';

/**
 * Tests interoperability with the OpenSSL command line, which is a different build from the OpenSSL in Node.js. The
 * emulator and OpenSSL verify signatures and decrypt ciphertexts from each other, with the public keys that
 * GetPublicKey returns.
 */
const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const folder = mkdtempSync(join(tmpdir(), 'kms-functions-openssl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function writeFile(bytes: Uint8Array): string {
  const path = join(folder, String(++files));
  writeFileSync(path, bytes);
  return path;
}
const run = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const succeeds = (...args: string[]): boolean => spawnSync('openssl', args, { stdio: 'ignore' }).status === 0;

async function writeKeyFiles(keySpec: KeySpec) {
  const material = await getMaterial(keySpec);
  const keyOptions = (bytes: Uint8Array) => ['-keyform', 'DER', '-inkey', writeFile(bytes)];
  return {
    material,
    privateKey: keyOptions(material),
    publicKey: [...keyOptions(exportPublicKey(material)), '-pubin'],
  };
}

const pkeyopt = (...options: string[]) => options.flatMap((option) => ['-pkeyopt', option]);
const oaepWith = (digest: string) => pkeyopt('rsa_padding_mode:oaep', `rsa_oaep_md:${digest}`, `rsa_mgf1_md:${digest}`);

describe.skipIf(!openssl.startsWith('OpenSSL 3'))(
  `interoperability with ${openssl.trim() || 'OpenSSL, which is not installed'}`,
  () => {
    /** The options for `pkeyutl` to sign a digest or, with `-rawin`, a message. */
    const rows: [KeySpec, SigningAlgorithm, MessageType, string[]][] = [
      ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'DIGEST', pkeyopt('digest:sha256')],
      ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_512', 'DIGEST', pkeyopt('digest:sha512')],
      [
        'RSA_2048',
        'RSASSA_PSS_SHA_256',
        'DIGEST',
        pkeyopt('digest:sha256', 'rsa_padding_mode:pss', 'rsa_pss_saltlen:digest'),
      ],
      [
        'RSA_2048',
        'RSASSA_PSS_SHA_384',
        'DIGEST',
        pkeyopt('digest:sha384', 'rsa_padding_mode:pss', 'rsa_pss_saltlen:digest'),
      ],
      [
        'RSA_3072',
        'RSASSA_PSS_SHA_512',
        'DIGEST',
        pkeyopt('digest:sha512', 'rsa_padding_mode:pss', 'rsa_pss_saltlen:digest'),
      ],
      ['ECC_NIST_P256', 'ECDSA_SHA_256', 'DIGEST', []],
      ['ECC_NIST_P384', 'ECDSA_SHA_384', 'DIGEST', []],
      ['ECC_NIST_P521', 'ECDSA_SHA_512', 'DIGEST', []],
      ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'DIGEST', []],
      ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 'RAW', ['-rawin']],
      ['SM2', 'SM2DSA', 'RAW', ['-rawin', '-digest', 'sm3', ...pkeyopt('distid:1234567812345678')]],
    ];

    test.for(rows)(
      "the emulator and OpenSSL verify each other's signatures (%s, %s, %s)",
      { timeout: 30_000 },
      async ([keySpec, algorithm, messageType, options]) => {
        const { material, privateKey, publicKey } = await writeKeyFiles(keySpec);
        const message =
          messageType === 'RAW' ? randomBytes(200) : hash(`sha${algorithm.slice(-3)}`, randomBytes(200), 'buffer');
        const request = { keySpec, algorithm, messageType, message, material };

        const ours = await sign(request);
        const verifying = ['pkeyutl', '-verify', ...publicKey, ...options, '-sigfile', writeFile(ours), '-in'];
        expect(succeeds(...verifying, writeFile(message))).toBe(true);
        expect(succeeds(...verifying, writeFile(Buffer.from(message).fill(0, 0, 4)))).toBe(false);

        const theirs = run('pkeyutl', '-sign', ...privateKey, ...options, '-in', writeFile(message));
        expect(await verify({ ...request, signature: theirs })).toBe(true);
      },
    );

    test('the emulator rejects an SM2DSA signature with a different distinguishing id', async () => {
      const { material, privateKey } = await writeKeyFiles('SM2');
      const message = randomBytes(100);
      const other = [...pkeyopt('distid:8765432187654321'), '-rawin', '-digest', 'sm3'];
      const signature = run('pkeyutl', '-sign', ...privateKey, ...other, '-in', writeFile(message));
      expect(
        await verify({ keySpec: 'SM2', algorithm: 'SM2DSA', messageType: 'RAW', message, material, signature }),
      ).toBe(false);
    });

    const encryptionRows: [KeySpec, EncryptionAlgorithm, string[]][] = [
      ['SM2', 'SM2PKE', []],
      ['RSA_2048', 'RSAES_OAEP_SHA_1', pkeyopt('rsa_padding_mode:oaep', 'rsa_oaep_md:sha1', 'rsa_mgf1_md:sha1')],
      ['RSA_2048', 'RSAES_OAEP_SHA_256', pkeyopt('rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256')],
    ];

    test.for(encryptionRows)(
      "the emulator and OpenSSL decrypt each other's ciphertexts (%s, %s)",
      async ([keySpec, algorithm, options]) => {
        const { material, privateKey, publicKey } = await writeKeyFiles(keySpec);
        const plaintext = randomBytes(100);
        const request = { keySpec, algorithm, material };
        const ours = await encryptAsymmetric({ ...request, plaintext });
        expect(run('pkeyutl', '-decrypt', ...privateKey, ...options, '-in', writeFile(ours))).toEqual(plaintext);
        const theirs = run('pkeyutl', '-encrypt', ...publicKey, ...options, '-in', writeFile(plaintext));
        expect(await decryptAsymmetric({ ...request, ciphertext: theirs })).toEqual(plaintext);
      },
    );

    test("the emulator and OpenSSL read each other's SM2 private keys", async () => {
      const material = await getMaterial('SM2');
      expect(run('pkey', '-inform', 'DER', '-in', writeFile(material), '-pubout', '-outform', 'DER')).toEqual(
        exportPublicKey(material),
      );
      const generated = writeFile(run('genpkey', '-algorithm', 'SM2'));
      const theirs = run('pkcs8', '-topk8', '-nocrypt', '-in', generated, '-outform', 'DER');
      const publicKey = run('pkey', '-inform', 'DER', '-in', writeFile(theirs), '-pubout', '-outform', 'DER');
      expect(exportPublicKey(await validateKeyMaterial('SM2', theirs))).toEqual(publicKey);
    });

    test.for(['1', '256'])(
      'the emulator unwraps material that was wrapped with the OpenSSL commands in the KMS guide (RSA_AES_KEY_WRAP_SHA_%s)',
      async (bits) => {
        const { material: wrappingPrivateKey, publicKey } = await writeKeyFiles('RSA_2048');
        const material = await getMaterial('ECC_NIST_P256');
        const aesKey = randomBytes(32);
        const aes = [
          'enc',
          '-id-aes256-wrap-pad',
          '-K',
          aesKey.toString('hex'),
          '-iv',
          'A65959A6',
          '-in',
          writeFile(material),
        ];
        const oaep = oaepWith(`sha${bits}`);
        const encryptedKeyMaterial = Buffer.concat([
          run('pkeyutl', '-encrypt', ...publicKey, ...oaep, '-in', writeFile(aesKey)),
          run(...aes),
        ]);
        const choice = {
          keySpec: 'ECC_NIST_P256',
          wrappingKeySpec: 'RSA_2048',
          wrappingAlgorithm: `RSA_AES_KEY_WRAP_SHA_${bits}`,
        } as const;
        expect(await unwrapKeyMaterial({ ...choice, wrappingPrivateKey, encryptedKeyMaterial })).toEqual(
          Buffer.from(material),
        );
      },
    );

    test.for(['1', '256'])(
      'the emulator unwraps a symmetric key that OpenSSL wraps (RSAES_OAEP_SHA_%s)',
      async (bits) => {
        const { material: wrappingPrivateKey, publicKey } = await writeKeyFiles('RSA_2048');
        const material = randomBytes(32);
        const encryptedKeyMaterial = run(
          'pkeyutl',
          '-encrypt',
          ...publicKey,
          ...oaepWith(`sha${bits}`),
          '-in',
          writeFile(material),
        );
        const choice = {
          keySpec: 'SYMMETRIC_DEFAULT',
          wrappingKeySpec: 'RSA_2048',
          wrappingAlgorithm: `RSAES_OAEP_SHA_${bits}`,
        } as const;
        expect(await unwrapKeyMaterial({ ...choice, wrappingPrivateKey, encryptedKeyMaterial })).toEqual(material);
      },
    );

    test('OpenSSL decrypts CiphertextForRecipient', async () => {
      const material = await getMaterial('RSA_2048');
      const recipient = {
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        AttestationDocument: buildAttestationDocument(exportPublicKey(material)),
      };
      for (const length of [1, 16, 32, 1000]) {
        const plaintext = randomBytes(length);
        const cms = encryptForRecipient(readRecipientAttestation(recipient), plaintext);
        const decrypting = [
          'cms',
          '-decrypt',
          '-binary',
          '-inform',
          'DER',
          '-keyform',
          'DER',
          '-inkey',
          writeFile(material),
          '-in',
          writeFile(cms),
        ];
        expect(run(...decrypting)).toEqual(plaintext);
      }
    });
  },
);
