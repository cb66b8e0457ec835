import { ListKeysCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { startEmulator } from '../../../emulator/index.ts';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { SeedError } from '../../../emulator/seed/seed-error.ts';
import { allow, policy, root, user } from '../../support/access.ts';
import { clientFor } from '../../support/emulator.ts';

const alice = { AccessKeyId: 'AKIA1', Arn: user('alice') };
const start = (...Principals: object[]) =>
  startEmulator({ seed: parseSeed({ Version: 1, Keys: [], Principals }, 'the seed') });

test.for<[string, RegExp, object[]]>([
  [
    'an access key id that is used twice',
    /^the seed: \/Principals\/1 \(access key AKIA1\): AccessKeyId must be unique/,
    [alice, alice],
  ],
  [
    'a key ARN for a principal',
    /Arn must be the ARN of a user/,
    [{ ...alice, Arn: 'arn:aws:kms:us-east-1:000000000000:key/x' }],
  ],
  [
    'a group ARN for a principal',
    /Arn must be the ARN of a user/,
    [{ ...alice, Arn: 'arn:aws:iam::000000000000:group/x' }],
  ],
  ['an access key id with a slash', /Principals\/0\/AccessKeyId/, [{ ...alice, AccessKeyId: 'a/b' }]],
  ['an unknown member in a principal', /Principals\/0/, [{ ...alice, Password: 'x' }]],
  [
    'an empty policy',
    /\/Principals\/0 \(access key AKIA1\): Policies\/0 is invalid: Policy/,
    [{ ...alice, Policies: [{}] }],
  ],
  [
    'an identity-based policy that contains Principal',
    /must not contain Principal/,
    [{ ...alice, Policies: [policy({ ...allow('*'), Principal: '*' })] }],
  ],
  [
    'an unknown condition operator in a permissions boundary',
    /operator Is/,
    [{ ...alice, PermissionsBoundary: policy(allow('*', { Condition: { Is: { a: 'b' } } })) }],
  ],
  ['session policies for a user', /SessionPolicies is allowed only for/, [{ ...alice, SessionPolicies: [] }]],
  [
    'policies for an account root user',
    /must be absent for an account root user/,
    [{ ...alice, Arn: root(), Policies: [] }],
  ],
])('startEmulator rejects a seed with %s', async ([, message, principals]) => {
  const call = Promise.resolve().then(() => start(...principals));
  await expect(call).rejects.toThrow(SeedError);
  await expect(Promise.resolve().then(() => start(...principals))).rejects.toThrow(message);
});

test('startEmulator rejects a seeded key with an invalid policy', async () => {
  const seed = parseSeed(
    { Version: 1, Keys: [{ KeyId: '00000000-0000-4000-8000-000000000001', Policy: '{}' }] },
    'the seed',
  );
  await expect(startEmulator({ seed })).rejects.toThrow(/0001\): Policy is invalid: Policy contains/);
});

test("startEmulator accepts a principal's policy as a JSON string", async () => {
  const emulator = await start({ ...alice, Policies: [JSON.stringify(policy(allow('kms:ListKeys')))] });
  const client = clientFor(emulator.endpoint, { account: 'AKIA1' });
  expect((await client.send(new ListKeysCommand({}))).Keys).toEqual([]);
  client.destroy();
  await emulator.close();
});
