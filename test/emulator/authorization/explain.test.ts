import { CreateGrantCommand, EncryptCommand, ListKeysCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { type ExplainRequest, type Explanation, startEmulator } from '../../../emulator/index.ts';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import {
  account,
  allow,
  deny,
  formatKeyArn,
  keyId,
  policy,
  readVerdict,
  root,
  to,
  useAccess,
  user,
} from '../../support/access.ts';

const [member, restricted] = ['111122223333', '444455556666'];
const key = (number: number, owner: string, ...more: object[]) => ({
  KeyId: keyId(number),
  AccountId: owner,
  Policy: policy({ ...to(root(owner), allow('kms:*')), Sid: 'Account' }, ...more),
});
const grantId = 'a'.repeat(64);
const alice = user('alice');

const used = useAccess({
  Keys: [
    {
      ...key(1, account, { ...to(user('bob'), deny('kms:Encrypt')), Sid: 'NotBob' }),
      Grants: [{ GrantId: grantId, GranteePrincipal: user('carol'), Operations: ['Encrypt'] }],
    },
    key(2, member),
    key(3, restricted, to(root(member), allow('kms:Encrypt'))),
  ],
  Principals: [
    { AccessKeyId: 'alice', Arn: alice, Policies: [policy(allow('kms:ListKeys')), policy(allow('kms:Encrypt'))] },
    { AccessKeyId: 'unknown', Arn: user('unknown') },
    { AccessKeyId: 'bob', Arn: user('bob'), Policies: [policy(allow('kms:*'))] },
    { AccessKeyId: 'member', Arn: user('dave', member), Policies: [policy(allow('*'))] },
    {
      AccessKeyId: 'linked',
      Arn: `arn:aws:iam::${member}:role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys`,
      Policies: [policy(allow('*'))],
    },
  ],
  Accounts: [
    {
      AccountId: member,
      ServiceControlPolicies: [
        [policy(allow('*'))],
        [policy(allow('*')), policy(deny('kms:ScheduleKeyDeletion'))],
        [policy(allow(['kms:Encrypt', 'kms:ScheduleKeyDeletion', 'kms:CreateGrant']))],
      ],
    },
    {
      AccountId: restricted,
      ResourceControlPolicies: [
        policy({
          ...deny('kms:*'),
          Principal: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalAccount': restricted } },
        }),
      ],
    },
  ],
});

const Plaintext = Buffer.from('x');
const encrypt = (as: string, KeyId: string) => readVerdict(used.as(as).send(new EncryptCommand({ KeyId, Plaintext })));

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html */
describe('the service control policies of an account', () => {
  test('must allow a request at each level, also for the root user and for a grantee', async () => {
    expect(await encrypt('member', keyId(2))).toBe('allowed');
    const denied = /kms:ListKeys on resource: \* because no service control policy allows the kms:ListKeys action$/;
    expect(await readVerdict(used.as('member').send(new ListKeysCommand({})))).toMatch(denied);
    expect(await readVerdict(used.as(member).send(new ListKeysCommand({})))).toMatch(denied);
    const grant = { KeyId: keyId(2), GranteePrincipal: user('dave', member), Operations: ['Decrypt' as const] };
    expect(await readVerdict(used.as(member).send(new CreateGrantCommand(grant)))).toBe('allowed');
    const decrypt = await used.emulator.explain({ ...decryptRequest, principal: 'member' });
    expect(decrypt.message).toMatch(/because no service control policy allows the kms:Decrypt action$/);
  });

  test('can deny a request explicitly', async () => {
    const call = used.as(member).send(new ScheduleKeyDeletionCommand({ KeyId: keyId(2) }));
    expect(await readVerdict(call)).toMatch(/with an explicit deny in a service control policy$/);
  });

  test('do not limit service-linked roles or other accounts', async () => {
    expect(await readVerdict(used.as('linked').send(new ListKeysCommand({})))).toBe('allowed');
    expect(await readVerdict(used.as('alice').send(new ListKeysCommand({})))).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html */
test('the resource control policies of an account limit access to its keys from every account', async () => {
  expect(await encrypt(restricted, keyId(3))).toBe('allowed');
  const KeyId = formatKeyArn(3, restricted);
  expect(await encrypt('member', KeyId)).toMatch(
    /on this resource with an explicit deny in a resource control policy$/,
  );
  expect(await encrypt('linked', KeyId), 'service-linked roles are exempt').toBe('allowed');
});

const input = { KeyId: keyId(1), Plaintext };
const decryptRequest: ExplainRequest = { operation: 'Decrypt', input: { KeyId: keyId(2), CiphertextBlob: Plaintext } };
const explain = (principal: string, request: Partial<ExplainRequest> = {}) =>
  used.emulator.explain({ operation: 'Encrypt', input, principal, ...request });

describe('explain', () => {
  test('returns the statements and grants that allow a request', async () => {
    const ofPolicies = {
      decision: 'allowed',
      principal: alice,
      permissions: [
        {
          action: 'kms:Encrypt',
          resource: formatKeyArn(1),
          decision: 'allowed',
          statements: [
            { policy: 'key policy', sid: 'Account', statement: 1, effect: 'Allow' },
            { policy: 'identity-based policy 2', statement: 1, effect: 'Allow' },
          ],
          grants: [],
        },
      ],
    };
    expect(await explain('alice')).toEqual(ofPolicies);
    expect(await explain(alice)).toEqual(ofPolicies);
    expect(await explain(user('carol'))).toMatchObject({ decision: 'allowed', permissions: [{ grants: [grantId] }] });
  });

  test('returns the denial, its reason and what is missing', async () => {
    const { message, permissions } = await explain(user('unknown'));
    expect(message).toBe(await encrypt('unknown', keyId(1)));
    expect(permissions).toMatchObject([
      {
        decision: 'denied',
        reason: `kms:Encrypt on ${formatKeyArn(1)}: because no identity-based policy allows the kms:Encrypt action`,
        missing: `Allow kms:Encrypt on ${formatKeyArn(1)} in an identity-based policy of ${user('unknown')}.`,
      },
    ]);
  });

  test('returns the Deny statement that applies', async () => {
    const [permission] = (await explain('bob')).permissions;
    expect(permission?.statements).toContainEqual({
      policy: 'key policy',
      sid: 'NotBob',
      statement: 2,
      effect: 'Deny',
    });
    expect(permission?.reason).toMatch(/with an explicit deny in a resource-based policy$/);
  });

  test('returns the reason for a key in another account, which the error message hides', async () => {
    const { message, permissions } = await explain('alice', { input: { ...input, KeyId: formatKeyArn(2, member) } });
    expect(message).toMatch(/on this resource because the resource does not exist in this Region/);
    expect(permissions[0]?.reason).toMatch(/because neither the key policy nor a grant allows the caller/);
  });

  test('accepts the ARN of a role that the seed does not contain, and reports a session of the role', async () => {
    const { principal, permissions } = await explain(`arn:aws:iam::${account}:role/app`);
    expect(principal).toBe(`arn:aws:sts::${account}:assumed-role/app/session`);
    expect(permissions).toMatchObject([
      { missing: expect.stringContaining(`policy of arn:aws:iam::${account}:role/app.`) },
    ]);
  });

  test('lists every permission that the request requires', async () => {
    const request = { operation: 'ReplicateKey', input: { KeyId: keyId(1), ReplicaRegion: 'eu-west-1' } };
    const { permissions } = await explain(account, request);
    expect(permissions.map(({ action }) => action)).toEqual(['kms:ReplicateKey', 'kms:CreateKey']);
  });

  test('applies the policy lockout safety check', async () => {
    const Policy = JSON.stringify(policy(to(alice, allow('kms:*'))));
    const { decision, message } = await explain(account, { operation: 'CreateKey', input: { Policy } });
    expect([decision, message]).toEqual([
      'denied',
      'The new key policy will not allow you to update the key policy in the future.',
    ]);
  });

  test('changes nothing', async () => {
    const before = used.emulator.snapshot();
    const request = { operation: 'ScheduleKeyDeletion', input: { KeyId: keyId(1) } };
    expect((await explain(account, request)).decision).toBe('allowed');
    expect(used.emulator.snapshot()).toEqual(before);
  });

  test('is also available over HTTP, with bytes in base64', async () => {
    const post = (body: unknown) =>
      fetch(`${used.emulator.endpoint}/_kms/explain`, { method: 'POST', body: JSON.stringify(body) });
    const request = { operation: 'Encrypt', input: { ...input, Plaintext: 'eA==' }, principal: 'alice' };
    const response = await post(request);
    expect(response.status).toBe(200);
    expect((await response.json()) as Explanation).toEqual(await explain('alice'));
    for (const invalid of [
      {},
      { ...request, caller: 'x' },
      { ...request, operation: 'NoSuch' },
      { operation: 'Encrypt' },
    ]) {
      expect((await post(invalid)).status).toBe(400);
    }
  });
});

test.for<[string, RegExp, object]>([
  ['an account twice', /AccountId must be unique/, [{ AccountId: member }, { AccountId: member }]],
  [
    'a resource control policy that allows requests',
    /\/Accounts\/0 \(account 111122223333\): ResourceControlPolicies must contain only statements with Effect Deny/,
    [{ AccountId: member, ResourceControlPolicies: [policy({ ...allow('*'), Principal: '*' })] }],
  ],
  [
    'a service control policy with principals',
    /ServiceControlPolicies is invalid: .*must not contain Principal/,
    [{ AccountId: member, ServiceControlPolicies: [policy({ ...allow('*'), Principal: '*' })] }],
  ],
  [
    'policies beside levels',
    /only policies, or only lists of policies/,
    [{ AccountId: member, ServiceControlPolicies: [policy(allow('*')), [policy(allow('*'))]] }],
  ],
])('startEmulator rejects a seed with %s', async ([, message, Accounts]) => {
  const start = async () => startEmulator({ seed: parseSeed({ Version: 1, Keys: [], Accounts }, 'the seed') });
  await expect(start()).rejects.toThrow(message);
});
