import {
  CreateAliasCommand,
  type CreateKeyCommandInput,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { account, catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});

const newKey = (input: CreateKeyCommandInput = {}, client = used.client) => createKey(client, input);
const create = (AliasName: string, TargetKeyId: string | undefined) =>
  used.client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));

test('an alias name or ARN identifies the current key of the alias until the alias is deleted', async () => {
  const [one, two] = [await newKey(), await newKey()];
  const AliasName = 'alias/team/app';
  const resolve = async (KeyId: string) =>
    (await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyId;

  await create(AliasName, one.KeyId);
  expect(await resolve(AliasName)).toBe(one.KeyId);
  expect(await resolve(`arn:aws:kms:us-east-1:${account}:${AliasName}`)).toBe(one.KeyId);

  await used.client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: two.Arn }));
  expect(await resolve(AliasName)).toBe(two.KeyId);
  expect((await used.client.send(new EncryptCommand({ KeyId: AliasName, Plaintext: Buffer.from('x') }))).KeyId).toBe(
    two.Arn,
  );

  await used.client.send(new DeleteAliasCommand({ AliasName }));
  expect((await catchError(resolve(AliasName))).name).toBe('NotFoundException');
  expect(await resolve(two.KeyId)).toBe(two.KeyId);
});

test.each([
  [
    'no prefix',
    'team',
    'ValidationException',
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  ],
  ['the AWS prefix', 'alias/aws/s3', 'NotAuthorizedException', 'UnknownError'],
  ['only the prefix', 'alias/', 'InvalidAliasNameException', 'UnknownError'],
  [
    'a colon',
    'alias/Service:Test',
    'ValidationException',
    'alias/Service:Test contains invalid characters for an alias',
  ],
])('CreateAlias rejects a name with %s', async (_, name, code, message) => {
  const { KeyId } = await newKey();
  expect(await catchError(create(name, KeyId))).toEqual({ name: code, message });
});

test('CreateAlias rejects a name that already exists in the account and Region', async () => {
  const { KeyId } = await newKey();
  await create('alias/once', KeyId);
  expect(await catchError(create('alias/once', KeyId))).toEqual({
    name: 'AlreadyExistsException',
    message: `An alias with the name arn:aws:kms:us-east-1:${account}:alias/once already exists`,
  });
  const elsewhere = clientFor(used.emulator.endpoint, { region: 'eu-west-1' });
  const other = await newKey({}, elsewhere);
  await elsewhere.send(new CreateAliasCommand({ AliasName: 'alias/once', TargetKeyId: other.KeyId }));
});

test('CreateAlias rejects an alias, an unknown key and a key that is pending deletion as the target key', async () => {
  const { KeyId, Arn } = await newKey();
  await create('alias/target', KeyId);
  expect(await catchError(create('alias/x', 'alias/target'))).toEqual({
    name: 'ValidationException',
    message: 'Aliases must refer to keys. Not aliases',
  });
  expect((await catchError(create('alias/x', '00000000-0000-0000-0000-000000000000'))).name).toBe('NotFoundException');
  await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
  expect(await catchError(create('alias/x', KeyId))).toEqual({
    name: 'KMSInvalidStateException',
    message: `${Arn} is pending deletion.`,
  });
});

test('UpdateAlias rejects a target key with a different type', async () => {
  const { KeyId } = await newKey();
  await create('alias/kind', KeyId);
  const rsa = await newKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const update = used.client.send(new UpdateAliasCommand({ AliasName: 'alias/kind', TargetKeyId: rsa.KeyId }));
  expect((await catchError(update)).name).toBe('ValidationException');
});

test.each([
  ['UpdateAlias', UpdateAliasCommand],
  ['DeleteAlias', DeleteAliasCommand],
] as const)('%s throws NotFoundException for an unknown alias', async (_, Command) => {
  const { KeyId: TargetKeyId } = await newKey();
  expect(await catchError(used.client.send(new Command({ AliasName: 'alias/none', TargetKeyId }) as never))).toEqual({
    name: 'NotFoundException',
    message: `Alias arn:aws:kms:us-east-1:${account}:alias/none is not found.`,
  });
});

test('deleting a key deletes its aliases', async () => {
  const { KeyId } = await newKey();
  await create('alias/goes', KeyId);
  await used.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  const list = async () =>
    (await used.client.send(new ListAliasesCommand({ Limit: 100 }))).Aliases?.map((alias) => alias.AliasName);
  expect(await list()).toContain('alias/goes');
  used.emulator.clock.advance(7 * 86_400_000);
  expect(await list()).not.toContain('alias/goes');
});

test('ListAliases returns pages sorted by name, for all keys or for one key', async () => {
  const client = clientFor(used.emulator.endpoint, { account: '222233334444' });
  const [one, two] = [await newKey({}, client), await newKey({}, client)];
  const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `alias/${name}`);
  for (const [index, AliasName] of names.entries()) {
    await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: index % 2 === 0 ? one.KeyId : two.KeyId }));
  }
  const listed: unknown[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListAliasesCommand({ Limit: 2, Marker }));
    listed.push(...(page.Aliases ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(listed).toEqual(
    names.map((AliasName, index) => ({
      AliasName,
      AliasArn: `arn:aws:kms:us-east-1:222233334444:${AliasName}`,
      TargetKeyId: index % 2 === 0 ? one.KeyId : two.KeyId,
      CreationDate: expect.any(Date),
      LastUpdatedDate: expect.any(Date),
    })),
  );
  const filtered = await client.send(new ListAliasesCommand({ KeyId: two.KeyId }));
  expect(filtered.Aliases?.map(({ AliasName }) => AliasName)).toEqual(['alias/b', 'alias/d']);
});

test('aliases for AWS managed keys do not exist, and callers cannot create them', async () => {
  const client = clientFor(used.emulator.endpoint, { account: '333344445555' });
  const AliasName = 'alias/aws/s3';
  expect((await client.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
  const describe = client.send(new DescribeKeyCommand({ KeyId: AliasName }));
  expect((await catchError(describe)).name).toBe('NotFoundException');
  const { KeyId: TargetKeyId } = await newKey({}, client);
  for (const Command of [CreateAliasCommand, UpdateAliasCommand, DeleteAliasCommand]) {
    const call = client.send(new Command({ AliasName, TargetKeyId }) as never);
    expect((await catchError(call)).name).toBe('NotAuthorizedException');
  }
});
