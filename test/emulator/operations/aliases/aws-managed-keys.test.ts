import {
  type AliasListEntry,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../../emulator/index.ts';
import { buildDefaultPolicy } from '../../../../emulator/operations/policies/key-policy.ts';
import { catchError, clientFor } from '../../../support/emulator.ts';
import { EmulatorProcess } from '../../../support/emulator-process.ts';

const s3 = 'alias/aws/s3';
let emulator: Emulator;
let client: KMSClient;

beforeAll(async () => {
  const allow = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'kms:*', Resource: '*' } };
  emulator = await startEmulator({
    seed: {
      Version: 1,
      Keys: [],
      AwsManagedKeys: true,
      Principals: [
        {
          AccessKeyId: 'AKIATHROUGHS3',
          Arn: 'arn:aws:iam::000000000000:role/reader',
          Policies: [allow],
          ConditionKeys: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
        },
      ],
    },
  });
  client = clientFor(emulator.endpoint);
});
afterAll(async () => {
  client.destroy();
  await emulator.close();
});

/** Lists all aliases in pages of 7. */
async function listAliases(): Promise<AliasListEntry[]> {
  const aliases: AliasListEntry[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListAliasesCommand({ Limit: 7, Marker }));
    aliases.push(...(page.Aliases ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return aliases;
}

describe('an emulator with AWS managed keys', () => {
  test('lists predefined aliases without a key, in order and between other aliases', async () => {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    for (const AliasName of ['alias/a', 'alias/z']) {
      await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyMetadata?.KeyId }));
    }
    const aliases = await listAliases();
    const names = aliases.map(({ AliasName }) => AliasName);
    expect(names).toEqual([...new Set(names)].toSorted());
    expect([names.at(0), names.at(-1)]).toEqual(['alias/a', 'alias/z']);
    expect(aliases.find(({ AliasName }) => AliasName === s3)).toEqual({
      AliasName: s3,
      AliasArn: 'arn:aws:kms:us-east-1:000000000000:alias/aws/s3',
    });
    const own = await client.send(new ListAliasesCommand({ KeyId: KeyMetadata?.KeyId }));
    expect(own.Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/a', 'alias/z']);
  });

  test('returns NotFoundException for a predefined alias without a key, except from DescribeKey', async () => {
    const error = await catchError(
      client.send(new EncryptCommand({ KeyId: 'alias/aws/sqs', Plaintext: Buffer.of(1) })),
    );
    expect(error.name).toBe('NotFoundException');
  });

  test('creates one key for each alias, account and Region when DescribeKey first uses the alias', async () => {
    const describeKey = async (KeyId: string, from = client) =>
      (await from.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    const key = await describeKey(s3);
    expect(key).toMatchObject({
      KeyManager: 'AWS',
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      Description: 'Default key that protects my S3 objects when no other key is defined',
    });
    const arn = 'arn:aws:kms:us-east-1:000000000000:alias/aws/s3';
    const again = await Promise.all([describeKey(s3), describeKey(arn), describeKey(key?.KeyId ?? '')]);
    expect(again.map((each) => each?.KeyId)).toEqual([key?.KeyId, key?.KeyId, key?.KeyId]);
    const others = [
      clientFor(emulator.endpoint, { region: 'eu-west-1' }),
      clientFor(emulator.endpoint, { account: '111122223333' }),
    ];
    const ids = await Promise.all(others.map(async (other) => (await describeKey(s3, other))?.KeyId));
    expect(new Set([key?.KeyId, ...ids]).size).toBe(3);
    for (const other of others) other.destroy();
    const alias = (await listAliases()).find(({ AliasName }) => AliasName === s3);
    expect(alias).toMatchObject({ TargetKeyId: key?.KeyId, CreationDate: expect.any(Date) });
    const { Keys } = await client.send(new ListKeysCommand({}));
    expect(Keys?.map(({ KeyId }) => KeyId)).toContain(key?.KeyId);
  });

  test('creates only one key for concurrent DescribeKey calls', async () => {
    const calls = Array.from({ length: 20 }, () => client.send(new DescribeKeyCommand({ KeyId: 'alias/aws/ebs' })));
    const ids = (await Promise.all(calls)).map(({ KeyMetadata }) => KeyMetadata?.KeyId);
    expect(new Set(ids).size).toBe(1);
  });

  test('rotates the key every year', async () => {
    const KeyId = (await client.send(new DescribeKeyCommand({ KeyId: s3 }))).KeyMetadata?.KeyId;
    const status = await client.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
  });

  const Policy = buildDefaultPolicy('000000000000', 'us-east-1');
  test.each([
    [
      'CreateGrant',
      (KeyId: string) =>
        new CreateGrantCommand({
          KeyId,
          GranteePrincipal: 'arn:aws:iam::000000000000:role/x',
          Operations: ['Decrypt'],
        }),
    ],
    ['DisableKey', (KeyId: string) => new DisableKeyCommand({ KeyId })],
    ['DisableKeyRotation', (KeyId: string) => new DisableKeyRotationCommand({ KeyId })],
    ['EnableKey', (KeyId: string) => new EnableKeyCommand({ KeyId })],
    ['EnableKeyRotation', (KeyId: string) => new EnableKeyRotationCommand({ KeyId })],
    ['Encrypt', (KeyId: string) => new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) })],
    ['PutKeyPolicy', (KeyId: string) => new PutKeyPolicyCommand({ KeyId, Policy })],
    ['RotateKeyOnDemand', (KeyId: string) => new RotateKeyOnDemandCommand({ KeyId })],
    ['ScheduleKeyDeletion', (KeyId: string) => new ScheduleKeyDeletionCommand({ KeyId })],
    ['TagResource', (KeyId: string) => new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })],
    ['UntagResource', (KeyId: string) => new UntagResourceCommand({ KeyId, TagKeys: ['a'] })],
    ['UpdateKeyDescription', (KeyId: string) => new UpdateKeyDescriptionCommand({ KeyId, Description: 'mine' })],
  ])('denies %s on an AWS managed key to the account root user', async (operation, createCommand) => {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: s3 }));
    const error = await catchError(client.send(createCommand(KeyMetadata?.KeyId ?? '') as EncryptCommand));
    expect([error.name, error.message]).toEqual(['AccessDeniedException', expect.stringContaining(`kms:${operation}`)]);
  });

  test.each([
    [
      'CreateAlias',
      'NotAuthorizedException',
      (KeyId: string) => new CreateAliasCommand({ AliasName: 'alias/aws/own', TargetKeyId: KeyId }),
    ],
    [
      'UpdateAlias',
      'AccessDeniedException',
      (KeyId: string) => new UpdateAliasCommand({ AliasName: s3, TargetKeyId: KeyId }),
    ],
    ['DeleteAlias', 'AccessDeniedException', () => new DeleteAliasCommand({ AliasName: s3 })],
  ] as const)('rejects %s for a reserved alias name with %s', async (_, name, createCommand) => {
    await client.send(new DescribeKeyCommand({ KeyId: s3 }));
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    const error = await catchError(client.send(createCommand(KeyMetadata?.KeyId ?? '') as DeleteAliasCommand));
    expect(error.name).toBe(name);
  });

  test('allows a principal to use the key through its service only', async () => {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: s3 }));
    const through = clientFor(emulator.endpoint, { account: 'AKIATHROUGHS3' });
    const { CiphertextBlob } = await through.send(new EncryptCommand({ KeyId: s3, Plaintext: Buffer.from('x') }));
    const { Plaintext } = await through.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('x');
    through.destroy();
    const { Policy: text = '' } = await client.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId }));
    expect(JSON.parse(text).Id).toBe('auto-s3-1');
  });
});

test('kms-emulator --aws-managed-keys provides predefined aliases', async () => {
  const command = await EmulatorProcess.start(['--in-memory', '--no-seed', '--aws-managed-keys']);
  const own = clientFor(command.endpoint);
  expect((await own.send(new DescribeKeyCommand({ KeyId: s3 }))).KeyMetadata?.KeyManager).toBe('AWS');
  own.destroy();
  await command.process.end('SIGTERM');
});
