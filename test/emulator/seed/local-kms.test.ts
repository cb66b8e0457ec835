import { createHmac, createPrivateKey, createPublicKey, publicEncrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startEmulator } from '../../../emulator/index.ts';
import { parseSeed, readSeed } from '../../../emulator/seed/read-seed.ts';
import { SeedError } from '../../../emulator/seed/seed-error.ts';
import type { Seed } from '../../../emulator/seed/seed-schema.ts';
import { validateSeed } from '../../../emulator/seed/validate-seed.ts';
import { catchError, clientFor } from '../../support/emulator.ts';

const version3 = 'test/emulator/seed/local-kms-v3.yaml';
const version4 = 'test/emulator/seed/local-kms-v4.yaml';
const region = 'eu-west-2';
const [rotated, imported, pending, hmac, rsa, ecc] = [
  'bc436485-5092-42b8-92a3-0aa8b93536dc',
  '5ef77041-d1e6-4af1-9a41-e49a4b45efb6',
  '5d05267f-bb87-4d0b-8594-295a4371d414',
  'f1234567-89ab-cdef-0123-456789abcdef',
  'ff275b92-0def-4dfc-b0f6-87c96b26c6c7',
  '800d5768-3fd7-4edd-a4b8-4c81c3e4c147',
];

async function withSeed(seed: Seed | Promise<Seed>, use: (client: KMSClient) => Promise<void>) {
  const emulator = await startEmulator({ seed: await seed });
  const client = clientFor(emulator.endpoint, { region });
  try {
    await use(client);
  } finally {
    client.destroy();
    await emulator.close();
  }
}

const describeKey = async (client: KMSClient, KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
const decrypt = async (client: KMSClient, CiphertextBlob: Uint8Array | undefined) =>
  Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext ?? []).toString();

describe('a version 3 local-kms seed', () => {
  test('a local-kms version 3 seed creates its keys and aliases in the default Region of local-kms', () =>
    withSeed(readSeed(version3), async (client) => {
      const { Keys } = await client.send(new ListKeysCommand({}));
      expect(Keys?.map(({ KeyId }) => KeyId)).toEqual([rotated, imported, pending, hmac, rsa, ecc]);
      const { Aliases } = await client.send(new ListAliasesCommand({}));
      expect(Aliases).toMatchObject([{ AliasName: 'alias/testing', TargetKeyId: rotated }]);
      const facts = await Promise.all(
        [rotated, imported, pending, hmac, rsa, ecc].map((KeyId) => describeKey(client, KeyId)),
      );
      expect(facts).toMatchObject([
        { KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS', Description: 'Your key description' },
        { KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'EXTERNAL', KeyState: 'Enabled' },
        { KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'EXTERNAL', KeyState: 'PendingImport' },
        { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
        { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT', Description: 'RSA key with 2048 bits' },
        { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
      ]);
    }));

  test('a local-kms version 3 seed creates a key that encrypts with the last backing key and decrypts with all backing keys', () =>
    withSeed(readSeed(version3), async (client) => {
      expect(await client.send(new GetKeyRotationStatusCommand({ KeyId: rotated }))).toMatchObject({
        KeyRotationEnabled: true,
        NextRotationDate: new Date('2099-09-12T15:19:21Z'),
      });
      const { Rotations } = await client.send(new ListKeyRotationsCommand({ KeyId: rotated }));
      expect(Rotations).toHaveLength(1);
      const material = (first: string, last: number) =>
        Buffer.from(`${first.padEnd(63, '0')}${last}`, 'hex').toString('base64');
      const [old, current] = [material('1', 1), material('A1B2', 2)];
      const keyWith = (Material: string) =>
        parseSeed({ Version: 1, Keys: [{ KeyId: rotated, Region: region, Material }] });
      const encrypt = async (other: KMSClient) =>
        (await other.send(new EncryptCommand({ KeyId: rotated, Plaintext: Buffer.from('x') }))).CiphertextBlob;
      await withSeed(keyWith(old), async (other) => expect(await decrypt(client, await encrypt(other))).toBe('x'));
      await withSeed(keyWith(current), async (other) => expect(await decrypt(other, await encrypt(client))).toBe('x'));
    }));

  test('a local-kms version 3 seed creates keys whose MACs, public keys and RSA ciphertexts match local-kms', () =>
    withSeed(readSeed(version3), async (client) => {
      const Message = Buffer.from('message');
      const { Mac } = await client.send(new GenerateMacCommand({ KeyId: hmac, Message, MacAlgorithm: 'HMAC_SHA_256' }));
      const secret = Buffer.from(`1${'0'.repeat(61)}E4`, 'hex');
      expect(Buffer.from(Mac ?? [])).toEqual(createHmac('sha256', secret).update(Message).digest());
      const { Keys } = parse(readFileSync(version3, 'utf8'));
      const [eccKey, rsaKey] = [Keys.Asymmetric.Ecc[0], Keys.Asymmetric.Rsa[0]].map(({ PrivateKeyPem }) =>
        createPublicKey(createPrivateKey(PrivateKeyPem)),
      );
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: ecc }));
      expect(Buffer.from(PublicKey ?? [])).toEqual(eccKey?.export({ format: 'der', type: 'spki' }));
      await client.send(new SignCommand({ KeyId: ecc, Message, SigningAlgorithm: 'ECDSA_SHA_256' }));
      const CiphertextBlob = publicEncrypt({ key: rsaKey!, oaepHash: 'sha256' }, Message);
      const request = { KeyId: rsa, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const;
      expect(Buffer.from((await client.send(new DecryptCommand(request))).Plaintext ?? [])).toEqual(Message);
    }));

  test('a local-kms version 3 seed creates keys that reject symmetric ciphertexts from local-kms', () =>
    withSeed(readSeed(version3), async (client) => {
      // Layout (src/cmk/aes_encryption.go): ARN length, ARN, backing key number, nonce, ciphertext, tag.
      const arn = Buffer.from(`arn:aws:kms:${region}:111122223333:key/${rotated}`);
      const CiphertextBlob = Buffer.concat([Buffer.of(arn.length), arn, Buffer.alloc(4 + 12 + 1 + 16, 1)]);
      expect((await catchError(client.send(new DecryptCommand({ CiphertextBlob })))).name).toBe(
        'InvalidCiphertextException',
      );
    }));

  test('a local-kms version 3 seed is applied to the specified account and Region', async () => {
    const seed = await readSeed(version3, { accountId: '111122223333', region: 'us-west-1' });
    const emulator = await startEmulator({ seed });
    const client = clientFor(emulator.endpoint, { account: '111122223333', region: 'us-west-1' });
    const arn = `arn:aws:kms:us-west-1:111122223333:key/${rotated}`;
    expect((await describeKey(client, 'alias/testing'))?.Arn).toBe(arn);
    client.destroy();
    await emulator.close();
  });
});

test('parseSeed reads the upcoming version 4 of the local-kms format', () =>
  withSeed(readSeed(version4), async (client) => {
    expect(await describeKey(client, 'alias/seeded')).toMatchObject({
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
    });
    const KeyId = 'd447c3d8-7755-4ab4-935b-59c6dd9d3de2';
    expect(await describeKey(client, KeyId)).toMatchObject({ KeySpec: 'ECC_NIST_EDWARDS25519' });
  }));

const KeyId = rotated;
const backing = '00'.repeat(32);

test('parseSeed reads the oldest local-kms format, a list of AES keys, and treats empty members as absent', () =>
  withSeed(
    parseSeed({ Keys: [{ Metadata: { KeyId, Description: '' }, BackingKeys: [backing] }], Aliases: null }),
    async (client) => {
      expect(await describeKey(client, KeyId)).toMatchObject({ KeySpec: 'SYMMETRIC_DEFAULT', KeyState: 'Enabled' });
    },
  ));

const aes = (key: object) => ({ Keys: { Symmetric: { Aes: [key] } } });
const hmacKey = (key: object) => ({ Keys: { Symmetric: { Hmac: [key] } } });
const rsaKey = (key: object) => ({ Keys: { Asymmetric: { Rsa: [key] } } });
const Metadata = { KeyId };
const [{ PrivateKeyPem: rsaPem }] = parse(readFileSync(version3, 'utf8')).Keys.Asymmetric.Rsa;
const unreadablePem = '-----BEGIN PRIVATE KEY-----\nAQ==\n-----END PRIVATE KEY-----';

test.for<[string, object, string]>([
  ['an unknown type of key', { Keys: { Symmetric: { Des: [] } } }, '/Keys/Symmetric/Des is'],
  [
    'a missing key id',
    aes({ Metadata: {}, BackingKeys: [backing] }),
    '/Keys/Symmetric/Aes/0/Metadata/KeyId is required',
  ],
  [
    'a key id that is not in the AWS format',
    aes({ Metadata: { KeyId: 'mine' } }),
    '/Keys/Symmetric/Aes/0/Metadata/KeyId must be a UUID',
  ],
  ['an unknown member', aes({ Metadata: { KeyId, Color: 'red' } }), '/Keys/Symmetric/Aes/0/Metadata/Color is'],
  [
    'a backing key that is not hexadecimal',
    aes({ Metadata, BackingKeys: ['no'] }),
    '/Keys/Symmetric/Aes/0/BackingKeys/0 must match',
  ],
  [
    'a backing key that is too short',
    aes({ Metadata, BackingKeys: ['00'] }),
    '/Keys/Symmetric/Aes/0/BackingKeys must contain keys with the length',
  ],
  ['a missing backing key', aes({ Metadata }), '/Keys/Symmetric/Aes/0/BackingKeys must contain at least one key'],
  [
    'two backing keys for a key with Origin EXTERNAL',
    aes({ Metadata: { KeyId, Origin: 'EXTERNAL' }, BackingKeys: [backing, backing] }),
    '/Keys/Symmetric/Aes/0/BackingKeys must contain at most one key',
  ],
  ['an invalid date', aes({ Metadata, BackingKeys: [backing], NextKeyRotation: 'soon' }), '/NextKeyRotation must be'],
  [
    'two backing keys for an HMAC key',
    hmacKey({ Metadata: { KeyId, KeySpec: 'HMAC_256' }, BackingKeys: [backing, backing] }),
    '/Keys/Symmetric/Hmac/0/BackingKeys must contain only one key',
  ],
  [
    'rotation for an HMAC key',
    hmacKey({
      Metadata: { KeyId, KeySpec: 'HMAC_256' },
      BackingKeys: [backing],
      NextKeyRotation: '2099-01-01T00:00:00Z',
    }),
    '/Keys/Symmetric/Hmac/0/NextKeyRotation is allowed only for AES keys',
  ],
  [
    'a private key for an AES key',
    aes({ Metadata, PrivateKeyPem: rsaPem }),
    '/Keys/Symmetric/Aes/0/PrivateKeyPem is allowed only for RSA and ECC keys',
  ],
  [
    'a private key that cannot be read',
    rsaKey({ Metadata, PrivateKeyPem: unreadablePem }),
    '/Asymmetric/Rsa/0/PrivateKeyPem must be an unencrypted PEM private key',
  ],
  [
    'an RSA key without a private key',
    rsaKey({ Metadata: { KeyId, KeySpec: 'RSA_2048' } }),
    '/Rsa/0/PrivateKeyPem is required',
  ],
  [
    'invalid material in version 4',
    { Version: 2, Keys: [{ KeyId, Metadata: { KeySpec: 'HMAC_256' }, Material: { BackingKeys: ['00'] } }] },
    '/Keys/0/Material/BackingKeys must contain keys with the length',
  ],
  [
    'an alias for a key that is not in the seed',
    { ...aes({ Metadata, BackingKeys: [backing] }), Aliases: [{ AliasName: 'alias/a', TargetKeyId: imported }] },
    '/Aliases/0/TargetKeyId must be the id or ARN of a key in this seed',
  ],
])('parseSeed rejects %s, and the error contains its location in the file', ([, json, message]) => {
  const load = () => parseSeed(json, 'init/seed.yaml');
  expect(load).toThrow(SeedError);
  expect(load).toThrow(/^init\/seed\.yaml \(local-kms format\): \/(Keys|Aliases)\S* \S+/);
  expect(load).toThrow(message);
});

test('validateSeed throws an error with the location in the local-kms file', async () => {
  const seed = parseSeed(rsaKey({ Metadata, PrivateKeyPem: rsaPem }), 'init/seed.yaml');
  await expect(validateSeed(seed)).rejects.toThrow(
    `init/seed.yaml: /Keys/Asymmetric/Rsa/0 (key ${KeyId}): KeyUsage is required`,
  );
});
