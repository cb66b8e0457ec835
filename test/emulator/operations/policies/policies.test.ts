import { GetKeyPolicyCommand, ListKeyPoliciesCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { account, catchError, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});

const statement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

const newKeyId = async (Policy?: string) => (await createKey(used.client, { Policy })).KeyId;
const put = (KeyId: string, Policy: string, PolicyName?: string) =>
  used.client.send(new PutKeyPolicyCommand({ KeyId, Policy, PolicyName }));
const get = async (KeyId: string, PolicyName?: string) =>
  used.client.send(new GetKeyPolicyCommand({ KeyId, PolicyName }));

test('a new key has the policy in the request or the default policy', async () => {
  const { Policy = '', PolicyName } = await get(await newKeyId());
  expect(PolicyName).toBe('default');
  expect(JSON.parse(Policy)).toMatchObject({
    Id: 'key-default-1',
    Statement: [{ Sid: 'Enable IAM User Permissions', ...statement }],
  });
  expect((await get(await newKeyId(policy(statement)))).Policy).toBe(policy(statement));
});

test('PutKeyPolicy replaces the whole policy', async () => {
  const KeyId = await newKeyId();
  const next = policy(statement, { ...statement, Effect: 'Deny', Action: ['kms:Decrypt'] });
  await put(KeyId, next);
  expect((await get(KeyId, 'default')).Policy).toBe(next);
});

test('a key has exactly one policy, which is named default', async () => {
  const KeyId = await newKeyId();
  const listed = await used.client.send(new ListKeyPoliciesCommand({ KeyId }));
  expect(listed).toMatchObject({ PolicyNames: ['default'], Truncated: false });
  const missing = { name: 'NotFoundException', message: 'No such policy exists' };
  expect(await catchError(get(KeyId, 'other'))).toEqual(missing);
  expect(await catchError(put(KeyId, policy(statement), 'other'))).toEqual(missing);
});

test.each([
  ['invalid JSON', '{'],
  ['a list', '[]'],
  ['a policy without statements', '{}'],
  ['a statement without an effect', policy({ ...statement, Effect: undefined })],
  ['a statement with an unknown effect', policy({ ...statement, Effect: 'Maybe' })],
  ['a statement without a principal', policy({ ...statement, Principal: undefined })],
  ['a statement without an action', policy({ ...statement, Action: undefined })],
  ['a statement without a resource', policy({ ...statement, Resource: undefined })],
])('PutKeyPolicy rejects %s and does not change the policy', async (_, text) => {
  const KeyId = await newKeyId();
  const before = (await get(KeyId)).Policy;
  expect((await catchError(put(KeyId, text))).name).toBe('MalformedPolicyDocumentException');
  expect((await get(KeyId)).Policy).toBe(before);
});

test('PutKeyPolicy rejects a policy of more than 32,768 bytes', async () => {
  const KeyId = await newKeyId();
  const long = policy({ ...statement, Sid: 'a'.repeat(32_768) });
  expect((await catchError(put(KeyId, long))).name).toBe('LimitExceededException');
});
