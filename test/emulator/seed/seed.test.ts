import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { checkSeed } from '../../../emulator/seed/check.ts';
import { parseSeed, SeedError } from '../../../emulator/seed/seed.ts';
import { type Emulator, startEmulator } from '../../../emulator/server.ts';
import { clientFor } from '../../support/emulator.ts';
import { wrap } from '../../support/import.ts';

const KeyId = '00000000-0000-4000-8000-000000000001';
const seedOf = (key: object) => parseSeed({ Version: 1, Keys: [{ KeyId, ...key }] }, 'the seed');

async function onSeed(key: object, use: (client: ReturnType<typeof clientFor>, emulator: Emulator) => Promise<void>) {
  const emulator = await startEmulator({ seed: seedOf(key) });
  const client = clientFor(emulator.endpoint);
  try {
    await use(client, emulator);
  } finally {
    client.destroy();
    await emulator.close();
  }
}

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const sec1 = pair.privateKey.export({ format: 'pem', type: 'sec1' });

describe('material of a key pair', () => {
  test.for([
    ['PKCS#8 in base64', pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
    ['PKCS#8 in PEM', pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['SEC 1 in PEM', sec1.toString()],
  ] as const)('as %s', async ([, Material]) => {
    await onSeed({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Material }, async (client) => {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      expect(Buffer.from(PublicKey ?? [])).toEqual(spki);
    });
  });

  test.skipIf(!openssl.startsWith('OpenSSL 3'))("as OpenSSL's command line makes it", async () => {
    const Material = execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519']).toString();
    await onSeed({ KeySpec: 'ECC_NIST_EDWARDS25519', Material }, async (client) => {
      const request = { KeyId, Message: Buffer.of(1), SigningAlgorithm: 'ED25519_SHA_512' } as const;
      expect((await client.send(new SignCommand(request))).Signature).toHaveLength(64);
    });
  });

  test('is random where the seed has none, and stays so when the seed is laid back', async () => {
    await onSeed({ KeySpec: 'ML_DSA_44' }, async (client, emulator) => {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      await emulator.layBackSeed();
      expect((await client.send(new GetPublicKeyCommand({ KeyId }))).PublicKey).toEqual(PublicKey);
    });
  });
});

test.for<[string, object]>([
  ['an RSA key without KeyUsage', { KeySpec: 'RSA_2048' }],
  ['a usage that the spec does not have', { KeySpec: 'HMAC_256', KeyUsage: 'SIGN_VERIFY' }],
  ['PendingImport with AWS_KMS', { KeyState: 'PendingImport' }],
  ['PendingImport with material', { KeyState: 'PendingImport', Origin: 'EXTERNAL', Material: 'AQ==' }],
  ['symmetric material of another length', { Material: 'AQ==' }],
  ['the material of another curve', { KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY', Material: sec1.toString() }],
  ['rotation of a key that does not rotate', { KeySpec: 'HMAC_256', Rotation: {} }],
  ['rotation of imported material', { Origin: 'EXTERNAL', Rotation: {} }],
  ['ValidTo with AWS_KMS', { ValidTo: 1, Material: Buffer.alloc(32).toString('base64') }],
  ['ValidTo without material', { ValidTo: 1, Origin: 'EXTERNAL' }],
  ['previous materials alone', { PreviousMaterials: [{ Material: Buffer.alloc(32).toString('base64') }] }],
])('%s is refused: SeedError, which names the key', async ([, key]) => {
  const refusal = checkSeed(seedOf(key));
  await expect(refusal).rejects.toBeInstanceOf(SeedError);
  await expect(refusal).rejects.toThrow(KeyId);
});

test('material that is neither base64 nor PEM is refused, without an echo of it', () => {
  for (const Material of ['no base64', '-----BEGIN PRIVATE KEY-----\nAQ==\n-----END PRIVATE KEY-----']) {
    const parse = () => seedOf({ Material });
    expect(parse).toThrow(SeedError);
    expect(parse).toThrow(/^the seed at \/Keys\/0\/Material is not a seed of version 1: invalid_format$/);
  }
});

test('imported material expires at its ValidTo', async () => {
  const ValidTo = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000);
  const Material = randomBytes(32).toString('base64');
  await onSeed({ Origin: 'EXTERNAL', ValidTo: ValidTo.toISOString(), Material }, async (client, emulator) => {
    const state = async () => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    expect(await state()).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    emulator.clock.advance(120_000);
    expect(await state()).toMatchObject({ KeyState: 'PendingImport' });
  });
});

test('a fixed import token never expires, and works again after the seed is laid back', async () => {
  const wrapping = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ImportToken = Buffer.from('a fixed import token');
  const WrappingAlgorithm = 'RSAES_OAEP_SHA_256';
  const parameters = {
    ImportToken: ImportToken.toString('base64'),
    WrappingAlgorithm,
    WrappingKeySpec: 'RSA_2048',
    WrappingPrivateKey: wrapping.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  };
  const PublicKey = wrapping.publicKey.export({ format: 'der', type: 'spki' });
  const key = { Origin: 'EXTERNAL', KeyState: 'PendingImport', ImportParameters: parameters };
  await onSeed(key, async (client, emulator) => {
    emulator.clock.advance(10 * 365 * 24 * 60 * 60 * 1000);
    let CiphertextBlob: Uint8Array | undefined;
    for (let round = 0; round < 2; round++) {
      const EncryptedKeyMaterial = wrap({ ImportToken, PublicKey, WrappingAlgorithm }, Buffer.alloc(32, 1));
      const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
      const request = { KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel } as const;
      await client.send(new ImportKeyMaterialCommand(request));
      if (round === 0) {
        ({ CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) })));
        await emulator.layBackSeed();
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
        expect(KeyMetadata?.KeyState).toBe('PendingImport');
      }
    }
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Plaintext).toEqual(Uint8Array.of(1));
  });
});
