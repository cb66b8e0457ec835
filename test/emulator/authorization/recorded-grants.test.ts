import {
  CreateGrantCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type GrantOperation,
  RetireGrantCommand,
} from '@aws-sdk/client-kms';
import { beforeEach, expect, test } from 'vitest';
import {
  account,
  allow,
  byIam,
  deny,
  formatKeyArn,
  keyId,
  policy,
  readVerdict,
  role,
  root,
  to,
  useAccess,
} from '../../support/access.ts';

/**
 * Answers that were recorded at AWS on 2026-09-12 in us-east-1
 * (https://github.com/radkawar/stackd/blob/main/testdata/aws/kms/grants.json). Each row names the recorded case. Rows
 * for `boundary` in other accounts and for users are extrapolated from the others.
 */

const member = '222222222222';
const formatSession = (name: string, owner: string) => `arn:aws:sts::${owner}:assumed-role/app/${name}`;
const federated = (owner: string) => `arn:aws:sts::${owner}:federated-user/app`;
const KeyId = formatKeyArn(1);

const otherService = policy(allow('sqs:*'));
const allowed = policy(allow('kms:*'));
const denied = policy(allow('*'), deny('kms:*'));

/** The callers by name: the limits that apply to the session `target` of the role `app`. */
const callers = {
  plain: {},
  sessionImplicit: { SessionPolicies: [otherService] },
  sessionExplicit: { SessionPolicies: [denied] },
  boundaryImplicit: { PermissionsBoundary: otherService },
  allowed: { Policies: [allowed] },
  allowedLimited: { Policies: [allowed], SessionPolicies: [otherService] },
} as const;
type CallerName = keyof typeof callers | 'sibling' | 'federatedImplicit';

const used = useAccess({
  Keys: [{ KeyId: keyId(1), Policy: policy(byIam, to(root(member), allow('kms:CreateGrant'))) }],
  Principals: [account, member].flatMap((owner) => [
    ...Object.entries(callers).map(([name, more]) => ({
      AccessKeyId: `${name}-${owner}`,
      Arn: formatSession('target', owner),
      ...more,
    })),
    { AccessKeyId: `sibling-${owner}`, Arn: formatSession('sibling', owner) },
    { AccessKeyId: `federatedImplicit-${owner}`, Arn: federated(owner), SessionPolicies: [otherService] },
  ]),
});
beforeEach(() => used.emulator.reset());

const because = (reason: string) => `because no ${reason} allows the ACTION action`;
const identity = because('identity-based policy');
const session = because('session policy');
const boundary = because('permissions boundary');

type Grantee = 'session' | 'role' | 'federated';
const findGrantee = (grantee: Grantee, owner: string) =>
  ({ session: formatSession('target', owner), role: role('app', owner), federated: federated(owner) })[grantee];

/** Creates a grant as the root user of the issuing account. */
async function createGrant(issuer: string, operations: GrantOperation[], principals: object) {
  const input = { KeyId, Operations: operations, ...principals };
  return used.as(issuer).send(new CreateGrantCommand(input as ConstructorParameters<typeof CreateGrantCommand>[0]));
}

function expectVerdict(verdict: string, expected: string, action: string, isForeign: boolean): void {
  if (expected === 'allowed') expect(verdict).toBe('allowed');
  else {
    const where = isForeign ? 'on this resource' : `on resource: ${KeyId}`;
    expect(verdict.slice(verdict.indexOf('perform: '))).toBe(
      `perform: ${action} ${where} ${expected.replace('ACTION', action)}`,
    );
  }
}

type Row = [recorded: string, issuer: string, grantee: Grantee, owner: string, caller: CallerName, expected: string];
test.for<Row>([
  ['session_no_identity_allow', account, 'session', account, 'plain', 'allowed'],
  ['session_implicit_session_deny', account, 'session', account, 'sessionImplicit', 'allowed'],
  [
    'session_explicit_session_deny',
    account,
    'session',
    account,
    'sessionExplicit',
    'with an explicit deny in a session policy',
  ],
  ['session_implicit_boundary_deny', account, 'session', account, 'boundaryImplicit', 'allowed'],
  ['session_sibling', account, 'session', account, 'sibling', identity],
  ['role_no_identity_allow', account, 'role', account, 'plain', 'allowed'],
  ['role_implicit_session_deny', account, 'role', account, 'sessionImplicit', session],
  [
    'role_explicit_session_deny',
    account,
    'role',
    account,
    'sessionExplicit',
    'with an explicit deny in a session policy',
  ],
  ['role_implicit_boundary_deny', account, 'role', account, 'boundaryImplicit', boundary],
  ['federated_implicit_session_deny', account, 'federated', account, 'federatedImplicit', 'allowed'],
  ['cross_owner_session_no_identity_allow', account, 'session', member, 'plain', identity],
  ['cross_owner_session_implicit_session_deny', account, 'session', member, 'sessionImplicit', identity],
  ['cross_owner_role_no_identity_allow', account, 'role', member, 'plain', identity],
  ['cross_owner_role_implicit_session_deny', account, 'role', member, 'sessionImplicit', session],
  ['cross_owner_identity_allowed', account, 'session', member, 'allowed', 'allowed'],
  ['cross_owner_identity_allowed_limited', account, 'session', member, 'allowedLimited', session],
  ['cross_trusted_session_no_identity_allow', member, 'session', member, 'plain', 'allowed'],
  ['cross_trusted_session_implicit_session_deny', member, 'session', member, 'sessionImplicit', 'allowed'],
  ['cross_trusted_role_no_identity_allow', member, 'role', member, 'plain', 'allowed'],
  ['cross_trusted_role_implicit_session_deny', member, 'role', member, 'sessionImplicit', session],
  ['cross_trusted_identity_allowed_limited', member, 'session', member, 'allowedLimited', 'allowed'],
  ['boundary', member, 'role', member, 'boundaryImplicit', boundary],
])('recorded case %s: a grant by %s to the %s in %s gives the caller %s the answer: %s', async (row) => {
  const [, issuer, grantee, owner, caller, expected] = row;
  await createGrant(issuer, ['Encrypt', 'DescribeKey'], { GranteePrincipal: findGrantee(grantee, owner) });
  const client = used.as(`${caller}-${owner}`);
  const encrypt = client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  expectVerdict(await readVerdict(encrypt), expected, 'kms:Encrypt', owner !== account);
  const describe = client.send(new DescribeKeyCommand({ KeyId }));
  expectVerdict(await readVerdict(describe), expected, 'kms:DescribeKey', owner !== account);
});

type Retirement = [
  recorded: string,
  member: 'retiring' | 'grantee',
  grantee: Grantee,
  owner: string,
  caller: CallerName,
  expected: string,
];
test.for<Retirement>([
  ['federated_retire', 'retiring', 'federated', account, 'federatedImplicit', 'allowed'],
  ['session_retire_limited', 'retiring', 'session', account, 'sessionImplicit', 'allowed'],
  ['cross_retire_session_retiring_none', 'retiring', 'session', member, 'plain', identity],
  ['cross_retire_session_retiring_session', 'retiring', 'session', member, 'sessionImplicit', identity],
  ['cross_retire_session_grantee_none', 'grantee', 'session', member, 'plain', identity],
  ['cross_retire_session_grantee_session', 'grantee', 'session', member, 'sessionImplicit', identity],
  ['cross_retire_role_retiring_none', 'retiring', 'role', member, 'plain', identity],
  ['cross_retire_role_retiring_session', 'retiring', 'role', member, 'sessionImplicit', session],
  ['cross_retire_role_grantee_none', 'grantee', 'role', member, 'plain', identity],
  ['cross_retire_role_grantee_session', 'grantee', 'role', member, 'sessionImplicit', session],
  ['cross_retire with an identity-based policy', 'retiring', 'role', member, 'allowed', 'allowed'],
])('recorded case %s: RetireGrant by the %s (%s in %s) as the caller %s has the answer: %s', async (row) => {
  const [, kind, grantee, owner, caller, expected] = row;
  const principal = findGrantee(grantee, owner);
  const principals =
    kind === 'retiring' ? { GranteePrincipal: root(), RetiringPrincipal: principal } : { GranteePrincipal: principal };
  const { GrantToken } = await createGrant(account, ['Encrypt', 'RetireGrant'], principals);
  const retire = used.as(`${caller}-${owner}`).send(new RetireGrantCommand({ GrantToken }));
  expectVerdict(await readVerdict(retire), expected, 'kms:RetireGrant', owner !== account);
});

test.for<[string, GrantOperation[], string]>([
  ['delegate_combined_operations', ['Encrypt', 'DescribeKey'], identity],
  ['delegate_second_only', ['DescribeKey'], identity],
  ['delegate_narrow_constraint', ['Encrypt'], 'allowed'],
])(
  'recorded case %s: one parent grant must allow CreateGrant and the operations %j',
  async ([, Operations, expected]) => {
    const GranteePrincipal = formatSession('target', account);
    await createGrant(account, ['CreateGrant', 'Encrypt'], { GranteePrincipal });
    await createGrant(account, ['DescribeKey'], { GranteePrincipal });
    const create = used
      .as(`plain-${account}`)
      .send(new CreateGrantCommand({ KeyId, GranteePrincipal: role('x'), Operations }));
    expectVerdict(await readVerdict(create), expected, 'kms:CreateGrant', false);
  },
);

// https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html lists who can retire a grant.
test('a principal in another account cannot retire a grant that does not name it, even if its identity-based policy allows this', async () => {
  const { GrantToken } = await createGrant(account, ['Encrypt', 'RetireGrant'], { GranteePrincipal: role('other') });
  const retire = used.as(`allowed-${member}`).send(new RetireGrantCommand({ GrantToken }));
  expect(await readVerdict(retire)).toMatch(
    /kms:RetireGrant on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access$/,
  );
  expect(await readVerdict(used.as(account).send(new RetireGrantCommand({ GrantToken })))).toBe('allowed');
});
