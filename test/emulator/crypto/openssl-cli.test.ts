import { execFileSync, spawnSync } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { publicKeyOf } from '../../../emulator/crypto/formats/public-key.ts';
import type { KeySpec } from '../../../emulator/crypto/key-specs.ts';
import { unwrapKeyMaterial } from '../../../emulator/crypto/key-wrapping.ts';
import { decryptAsymmetric, encryptAsymmetric } from '../../../emulator/crypto/primitives/encryption.ts';
import { type MessageType, sign, verify } from '../../../emulator/crypto/primitives/signing.ts';
import { attestationOf, encryptForRecipient } from '../../../emulator/crypto/recipient.ts';
import { attestationDocument } from './attestation.ts';
import { materialOf } from './test-materials.ts';

/**
 * OpenSSL's command line, another build than Node.js's, as the second implementation: what it makes we take, and the
 * other way round, with the public keys that GetPublicKey gives.
 */
const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const folder = mkdtempSync(join(tmpdir(), 'kms-functions-openssl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(bytes: Uint8Array): string {
  const path = join(folder, String(++files));
  writeFileSync(path, bytes);
  return path;
}
const run = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const passes = (...args: string[]): boolean => spawnSync('openssl', args, { stdio: 'ignore' }).status === 0;

async function keyFiles(keySpec: KeySpec) {
  const material = await materialOf(keySpec);
  const inForm = (bytes: Uint8Array) => ['-keyform', 'DER', '-inkey', file(bytes)];
  return { material, privateKey: inForm(material), publicKey: [...inForm(publicKeyOf(material)), '-pubin'] };
}

const pkeyopt = (...options: string[]) => options.flatMap((option) => ['-pkeyopt', option]);
const oaepWith = (digest: string) => pkeyopt('rsa_padding_mode:oaep', `rsa_oaep_md:${digest}`, `rsa_mgf1_md:${digest}`);

describe.skipIf(!openssl.startsWith('OpenSSL 3'))(
  `second implementation: ${openssl.trim() || 'no openssl on this machine'}`,
  () => {
    /** With what `pkeyutl` signs as the algorithm does, over a digest or (`-rawin`) a message. */
    const rows: [KeySpec, string, MessageType, string[]][] = [
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
      '%s %s %s: signatures verify both ways',
      { timeout: 30_000 },
      async ([keySpec, algorithm, messageType, options]) => {
        const { material, privateKey, publicKey } = await keyFiles(keySpec);
        const message =
          messageType === 'RAW' ? randomBytes(200) : hash(`sha${algorithm.slice(-3)}`, randomBytes(200), 'buffer');
        const request = { keySpec, algorithm, messageType, message, material };

        const ours = await sign(request);
        const verifying = ['pkeyutl', '-verify', ...publicKey, ...options, '-sigfile', file(ours), '-in'];
        expect(passes(...verifying, file(message))).toBe(true);
        expect(passes(...verifying, file(Buffer.from(message).fill(0, 0, 4)))).toBe(false);

        const theirs = run('pkeyutl', '-sign', ...privateKey, ...options, '-in', file(message));
        expect(await verify({ ...request, signature: theirs })).toBe(true);
      },
    );

    test('SM2DSA under another distinguishing id is not valid', async () => {
      const { material, privateKey } = await keyFiles('SM2');
      const message = randomBytes(100);
      const other = [...pkeyopt('distid:8765432187654321'), '-rawin', '-digest', 'sm3'];
      const signature = run('pkeyutl', '-sign', ...privateKey, ...other, '-in', file(message));
      expect(
        await verify({ keySpec: 'SM2', algorithm: 'SM2DSA', messageType: 'RAW', message, material, signature }),
      ).toBe(false);
    });

    const encryptionRows: [KeySpec, string, string[]][] = [
      ['SM2', 'SM2PKE', []],
      ['RSA_2048', 'RSAES_OAEP_SHA_1', pkeyopt('rsa_padding_mode:oaep', 'rsa_oaep_md:sha1', 'rsa_mgf1_md:sha1')],
      ['RSA_2048', 'RSAES_OAEP_SHA_256', pkeyopt('rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256')],
    ];

    test.for(encryptionRows)('%s %s: ciphertexts decrypt both ways', async ([keySpec, algorithm, options]) => {
      const { material, privateKey, publicKey } = await keyFiles(keySpec);
      const plaintext = randomBytes(100);
      const request = { keySpec, algorithm, material };
      const ours = await encryptAsymmetric({ ...request, plaintext });
      expect(run('pkeyutl', '-decrypt', ...privateKey, ...options, '-in', file(ours))).toEqual(plaintext);
      const theirs = run('pkeyutl', '-encrypt', ...publicKey, ...options, '-in', file(plaintext));
      expect(await decryptAsymmetric({ ...request, ciphertext: theirs })).toEqual(plaintext);
    });

    test('SM2 private keys: ours are read, theirs are imported', async () => {
      const { checkImportedMaterial } = await import('../../../emulator/crypto/imported-material.ts');
      const material = await materialOf('SM2');
      expect(run('pkey', '-inform', 'DER', '-in', file(material), '-pubout', '-outform', 'DER')).toEqual(
        publicKeyOf(material),
      );
      const made = file(run('genpkey', '-algorithm', 'SM2'));
      const theirs = run('pkcs8', '-topk8', '-nocrypt', '-in', made, '-outform', 'DER');
      const publicKey = run('pkey', '-inform', 'DER', '-in', file(theirs), '-pubout', '-outform', 'DER');
      expect(publicKeyOf(await checkImportedMaterial('SM2', theirs))).toEqual(publicKey);
    });

    test.for(['1', '256'])('RSA_AES_KEY_WRAP_SHA_%s as the KMS guide does it with openssl', async (bits) => {
      const { material: wrappingPrivateKey, publicKey } = await keyFiles('RSA_2048');
      const material = await materialOf('ECC_NIST_P256');
      const aesKey = randomBytes(32);
      const aes = [
        'enc',
        '-id-aes256-wrap-pad',
        '-K',
        aesKey.toString('hex'),
        '-iv',
        'A65959A6',
        '-in',
        file(material),
      ];
      const oaep = oaepWith(`sha${bits}`);
      const encryptedKeyMaterial = Buffer.concat([
        run('pkeyutl', '-encrypt', ...publicKey, ...oaep, '-in', file(aesKey)),
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
    });

    test.for(['1', '256'])('RSAES_OAEP_SHA_%s wraps a symmetric key', async (bits) => {
      const { material: wrappingPrivateKey, publicKey } = await keyFiles('RSA_2048');
      const material = randomBytes(32);
      const encryptedKeyMaterial = run(
        'pkeyutl',
        '-encrypt',
        ...publicKey,
        ...oaepWith(`sha${bits}`),
        '-in',
        file(material),
      );
      const choice = {
        keySpec: 'SYMMETRIC_DEFAULT',
        wrappingKeySpec: 'RSA_2048',
        wrappingAlgorithm: `RSAES_OAEP_SHA_${bits}`,
      } as const;
      expect(await unwrapKeyMaterial({ ...choice, wrappingPrivateKey, encryptedKeyMaterial })).toEqual(material);
    });

    test('CiphertextForRecipient is a CMS that openssl decrypts', async () => {
      const material = await materialOf('RSA_2048');
      const recipient = {
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
        AttestationDocument: attestationDocument(publicKeyOf(material)),
      };
      for (const length of [1, 16, 32, 1000]) {
        const plaintext = randomBytes(length);
        const cms = encryptForRecipient(attestationOf(recipient), plaintext);
        const decrypting = [
          'cms',
          '-decrypt',
          '-binary',
          '-inform',
          'DER',
          '-keyform',
          'DER',
          '-inkey',
          file(material),
          '-in',
          file(cms),
        ];
        expect(run(...decrypting)).toEqual(plaintext);
      }
    });
  },
);
