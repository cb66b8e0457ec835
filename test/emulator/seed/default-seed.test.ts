import { readFileSync } from 'node:fs';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startEmulator } from '../../../emulator/index.ts';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { SeedError } from '../../../emulator/seed/seed-error.ts';
import { catchError, clientFor, useEmulator } from '../../support/emulator.ts';
import { operations } from '../../support/operations.ts';
import { useDirectory } from '../../support/project-copy.ts';

const readJson = (name: string) => JSON.parse(readFileSync(`emulator/seed/${name}`, 'utf8'));
const defaultJson = readJson('default.json');
const shared = '5a4d1e00-0000-4000-8000-000000000001';
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'mine',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});
const [plain, rotated, disabled, pending, elsewhere] = [1, 2, 3, 4, 5].map(
  (n) => `5eed0000-0000-4000-8000-00000000000${n}`,
);
const material = (byte: number) => Buffer.alloc(32, byte).toString('base64');

const seedJson = {
  Version: 1,
  Keys: [
    { KeyId: plain, Description: 'as seeded', Material: material(1), Aliases: ['alias/plain'], Policy: policy },
    {
      KeyId: rotated,
      Material: material(3),
      PreviousMaterials: [{ Material: material(2), RotationType: 'ON_DEMAND', RotationDate: '2025-01-01T00:00:00Z' }],
      Rotation: { RotationPeriodInDays: 100, NextRotationDate: '2099-01-01T00:00:00Z' },
    },
    { KeyId: disabled, Material: material(4), KeyState: 'Disabled' },
    { KeyId: pending, Material: material(5), KeyState: 'PendingDeletion', PendingWindowInDays: 9 },
    { KeyId: elsewhere, Region: 'eu-west-1', AccountId: '111111111111', Material: material(6) },
  ],
  AbsentAliases: ['alias/created-by-hand'],
};

const getState = async (client: KMSClient, KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
const encrypt = async (client: KMSClient, KeyId: string, text: string) =>
  (await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(text) }))).CiphertextBlob;
const decrypt = async (client: KMSClient, CiphertextBlob: Uint8Array | undefined) =>
  Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext ?? []).toString();

describe('the default seed', () => {
  const used = useEmulator({ seed: 'default' });

  test('the default seed creates every key in its state and with its aliases', async () => {
    for (const { KeyId, KeyState = 'Enabled', Aliases = [] } of defaultJson.Keys) {
      expect(await getState(used.client, KeyId)).toBe(KeyState);
      for (const name of Aliases) {
        const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId: name }));
        expect(KeyMetadata?.KeyId).toBe(KeyId);
      }
    }
    const { Aliases } = await used.client.send(new ListAliasesCommand({}));
    const names = Aliases?.map(({ AliasName }) => AliasName);
    for (const name of defaultJson.AbsentAliases) expect(names).not.toContain(name);
  });

  test('the default seed contains the key material, so the example ciphertext decrypts on every machine', async () => {
    const { example } = operations.find(({ name }) => name === 'Decrypt') ?? {};
    const input = example?.input as { CiphertextBlob: string; EncryptionContext: Record<string, string> };
    const CiphertextBlob = Buffer.from(input.CiphertextBlob, 'base64');
    const { KeyId } = await used.client.send(new DecryptCommand({ ...input, CiphertextBlob }));
    expect(KeyId).toContain(shared);
  });
});

describe('restoreSeed', () => {
  const used = useEmulator({ seed: parseSeed(seedJson, 'test') });
  const call: KMSClient['send'] = ((command: never) => used.client.send(command)) as KMSClient['send'];

  beforeEach(() => used.emulator.restoreSeed());

  test('restoreSeed restores the key state', async () => {
    await call(new ScheduleKeyDeletionCommand({ KeyId: plain, PendingWindowInDays: 7 }));
    await call(new EnableKeyCommand({ KeyId: disabled }));
    used.emulator.restoreSeed();
    const states = await Promise.all([plain, disabled, pending].map((key) => getState(used.client, String(key))));
    expect(states).toEqual(['Enabled', 'Disabled', 'PendingDeletion']);
    const { KeyMetadata } = await call(new DescribeKeyCommand({ KeyId: plain }));
    expect(KeyMetadata?.DeletionDate).toBeUndefined();
    await encrypt(used.client, String(plain), 'usable');
  });

  test('restoreSeed restores aliases that were moved or deleted, and removes those in AbsentAliases', async () => {
    await call(new UpdateAliasCommand({ AliasName: 'alias/plain', TargetKeyId: rotated }));
    await call(new CreateAliasCommand({ AliasName: 'alias/created-by-hand', TargetKeyId: plain }));
    used.emulator.restoreSeed();
    const { KeyMetadata } = await call(new DescribeKeyCommand({ KeyId: 'alias/plain' }));
    expect(KeyMetadata?.KeyId).toBe(plain);
    const missing = await catchError(call(new DescribeKeyCommand({ KeyId: 'alias/created-by-hand' })));
    expect(missing.name).toBe('NotFoundException');
    await call(new DeleteAliasCommand({ AliasName: 'alias/plain' }));
    used.emulator.restoreSeed();
    expect(await getState(used.client, 'alias/plain')).toBe('Enabled');
  });

  test('restoreSeed restores the description and the policy', async () => {
    await call(new UpdateKeyDescriptionCommand({ KeyId: plain, Description: 'changed' }));
    await call(new PutKeyPolicyCommand({ KeyId: plain, Policy: policy.replace('mine', 'other') }));
    used.emulator.restoreSeed();
    const { KeyMetadata } = await call(new DescribeKeyCommand({ KeyId: plain }));
    expect(KeyMetadata?.Description).toBe('as seeded');
    const { Policy } = await call(new GetKeyPolicyCommand({ KeyId: plain }));
    expect(JSON.parse(Policy ?? '')).toEqual(JSON.parse(policy));
  });

  test('restoreSeed restores the rotation period, its dates and the list of rotations', async () => {
    await call(new DisableKeyRotationCommand({ KeyId: rotated }));
    await call(new RotateKeyOnDemandCommand({ KeyId: rotated }));
    await call(new EnableKeyRotationCommand({ KeyId: plain }));
    used.emulator.restoreSeed();
    expect(await call(new GetKeyRotationStatusCommand({ KeyId: rotated }))).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 100,
      NextRotationDate: new Date('2099-01-01T00:00:00Z'),
    });
    expect(await call(new GetKeyRotationStatusCommand({ KeyId: plain }))).toMatchObject({
      KeyRotationEnabled: false,
    });
    const { Rotations } = await call(new ListKeyRotationsCommand({ KeyId: rotated }));
    expect(Rotations).toHaveLength(1);
    expect(Rotations?.[0]).toMatchObject({ RotationDate: new Date('2025-01-01T00:00:00Z'), RotationType: 'ON_DEMAND' });
  });

  test('restoreSeed keeps the material of later rotations, so ciphertexts under that material still decrypt', async () => {
    const before = await encrypt(used.client, String(rotated), 'before');
    await call(new RotateKeyOnDemandCommand({ KeyId: rotated }));
    const after = await encrypt(used.client, String(rotated), 'after');
    used.emulator.restoreSeed();
    expect(await decrypt(used.client, before)).toBe('before');
    expect(await decrypt(used.client, after)).toBe('after');
    // The key encrypts with the seeded material again, so every emulator with this seed can decrypt its ciphertexts.
    const fresh = await startEmulator({ seed: parseSeed(seedJson, 'test') });
    const client = clientFor(fresh.endpoint);
    expect(await decrypt(client, await encrypt(used.client, String(rotated), 'now'))).toBe('now');
    client.destroy();
    await fresh.close();
  });

  test('restoreSeed does not change other keys or other aliases, including other aliases of a seeded key', async () => {
    const { KeyMetadata } = await call(new CreateKeyCommand({ Description: 'mine' }));
    const KeyId = String(KeyMetadata?.KeyId);
    await call(new CreateAliasCommand({ AliasName: 'alias/own', TargetKeyId: KeyId }));
    await call(new CreateAliasCommand({ AliasName: 'alias/on-seeded', TargetKeyId: plain }));
    await call(new RotateKeyOnDemandCommand({ KeyId }));
    const ciphertext = await encrypt(used.client, 'alias/own', 'mine');
    for (let round = 0; round < 3; round++) used.emulator.restoreSeed();
    expect(await decrypt(used.client, ciphertext)).toBe('mine');
    const own = await call(new DescribeKeyCommand({ KeyId: 'alias/own' }));
    expect(own.KeyMetadata).toMatchObject({ KeyId, Description: 'mine' });
    const onSeeded = await call(new DescribeKeyCommand({ KeyId: 'alias/on-seeded' }));
    expect(onSeeded.KeyMetadata?.KeyId).toBe(plain);
    const { Rotations } = await call(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toHaveLength(1);
  });

  test('restoreSeed restores each key in its own account and Region', async () => {
    const there = clientFor(used.emulator.endpoint, { account: '111111111111', region: 'eu-west-1' });
    expect(await getState(there, String(elsewhere))).toBe('Enabled');
    expect((await catchError(getState(used.client, String(elsewhere)))).name).toBe('NotFoundException');
    expect((await catchError(getState(there, String(plain)))).name).toBe('NotFoundException');
    there.destroy();
  });
});

describe('a start with a seed', () => {
  const used = useDirectory();

  test('a start with a seed does not change seeded keys that are already in the store', async () => {
    const options = { directory: used.directory, seed: parseSeed(seedJson, 'test') };
    for (const expected of ['as seeded', 'changed']) {
      const emulator = await startEmulator(options);
      const client = clientFor(emulator.endpoint);
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: plain }));
      expect(KeyMetadata?.Description).toBe(expected);
      await client.send(new UpdateKeyDescriptionCommand({ KeyId: plain, Description: 'changed' }));
      client.destroy();
      await emulator.close();
    }
  });
});

describe('the seed format', () => {
  const [, documentedYaml = ''] =
    /```yaml\n(# yaml-language-server.*?)```/s.exec(readFileSync('docs/guides/emulator.md', 'utf8')) ?? [];
  const documented = parse(documentedYaml);
  const withKeyStore = {
    Version: 1,
    Keys: [
      { KeyId: plain, Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: 'cks-2222222222b', XksKeyId: 'external' },
      { KeyId: rotated, Origin: 'EXTERNAL', Material: material(1), PendingMaterial: material(2) },
    ],
    CustomKeyStores: [{ CustomKeyStoreId: 'cks-2222222222b', CustomKeyStoreName: 'seeded' }],
  };
  const validate = new Ajv2020({ strict: false }).compile(readJson('seed.schema.json'));

  test.for([
    ['the default seed', defaultJson],
    ['the seed in this test', seedJson],
    ['a seed without keys', { Version: 1, Keys: [] }],
    ['the seed in docs/guides/emulator.md', documented],
    ['a key in a key store and a key with pending material', withKeyStore],
  ])('the JSON Schema and the emulator accept %s', ([name, json]) => {
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(parseSeed(json, String(name)).Version).toBe(1);
  });

  const key = { KeyId: plain };
  test.for([
    ['a list', [], ''],
    ['an unknown version', { Version: 2, Keys: [] }, '/Version'],
    ['an unknown member', { Version: 1, Keys: [], Grants: [] }, '/Grants'],
    ['a key without an id', { Version: 1, Keys: [{}] }, '/Keys/0/KeyId'],
    [
      'a key id with a dot, which replaces a slash in paths',
      { Version: 1, Keys: [{ KeyId: `${plain}.` }] },
      '/Keys/0/KeyId',
    ],
    ['a key id that is not in the AWS format', { Version: 1, Keys: [{ KeyId: 'my-key' }] }, '/Keys/0/KeyId'],
    ['a key id with a slash', { Version: 1, Keys: [{ KeyId: `key/${plain}` }] }, '/Keys/0/KeyId'],
    ['an empty key id', { Version: 1, Keys: [{ KeyId: '' }] }, '/Keys/0/KeyId'],
    ['an unknown key state', { Version: 1, Keys: [{ ...key, KeyState: 'Lost' }] }, '/Keys/0/KeyState'],
    ['an alias without its prefix', { Version: 1, Keys: [{ ...key, Aliases: ['plain'] }] }, '/Keys/0/Aliases/0'],
    ['an alias with a dot', { Version: 1, Keys: [{ ...key, Aliases: ['alias/a.b'] }] }, '/Keys/0/Aliases/0'],
    ['an account id that is too short', { Version: 1, Keys: [{ ...key, AccountId: '1' }] }, '/Keys/0/AccountId'],
    ['material that is not base64', { Version: 1, Keys: [{ ...key, Material: '*'.repeat(44) }] }, '/Keys/0/Material'],
    [
      'a rotation period below 90 days',
      { Version: 1, Keys: [{ ...key, Rotation: { RotationPeriodInDays: 89 } }] },
      '/Keys/0/Rotation',
    ],
    [
      'a waiting period of 6 days',
      { Version: 1, Keys: [{ ...key, PendingWindowInDays: 6 }] },
      '/Keys/0/PendingWindowInDays',
    ],
    ['an invalid date', { Version: 1, Keys: [{ ...key, CreationDate: 'tomorrow' }] }, '/Keys/0/CreationDate'],
  ] as const)(
    'the JSON Schema and the emulator reject %s, and the error contains its location',
    ([, json, pointer]) => {
      expect(() => parseSeed(json, 'seed.yaml')).toThrow(SeedError);
      expect(() => parseSeed(json, 'seed.yaml')).toThrow(
        pointer === '' ? /^seed\.yaml: the document must be an object$/ : `seed.yaml: ${pointer}`,
      );
      expect(validate(json)).toBe(false);
    },
  );
});
