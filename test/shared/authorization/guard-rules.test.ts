import { describe, expect, test } from 'vitest';
import { guardGrant } from '../../../shared/authorization/guard-grant.ts';
import { guardPolicy } from '../../../shared/authorization/guard-policy.ts';
import { isAllowedPrincipal } from '../../../shared/authorization/policy-bounds.ts';
import type { PolicyBounds } from '../../../shared/config/function-config.ts';

const account = '000000000000';
const foreign = '111122223333';
const root = `arn:aws:iam::${account}:root`;
const role = `arn:aws:iam::${account}:role/app`;
const keep = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };
const withoutTls = { Bool: { 'aws:SecureTransport': 'false' } };

const bounds = (overrides: Partial<PolicyBounds> = {}): PolicyBounds => ({
  partition: 'aws',
  accountIds: [account],
  principals: new Set(),
  grantOperations: undefined,
  ...overrides,
});

/** Returns the message of the error that a guard throws, or `undefined` if the guard accepts the input. */
function readMessage(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

const policyOf = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const readPolicyError = (Policy: unknown, overrides?: Partial<PolicyBounds>) =>
  readMessage(() => guardPolicy({ Policy }, bounds(overrides)));

const pointer = (index: number) => `/Policy, statement ${index},`;
const denial = `must not deny access, because it could shut out the account or this service. Remove the statement, and allow less in the Allow statements. Only a Deny statement without NotPrincipal, NotAction and NotResource, and with exactly the Condition ${JSON.stringify(withoutTls)}, is accepted.`;
const stranger =
  'must not allow a principal outside this account, unless this service allows that principal. Remove the principal, or add it to the deployment parameter allowedPrincipals.';
const needed = `/Policy must contain a statement that lets the account manage the key, such as ${JSON.stringify(keep)}`;
const limited = (index: number) =>
  `${needed}. Statement ${index} allows the account, but not every action on Resource "*" without a Condition.`;

describe('a key policy', () => {
  const accepted: Record<string, object[]> = {
    'lets the account manage the key': [keep],
    'names the root user of the account': [{ ...keep, Principal: { AWS: root } }],
    'contains the account among other principals': [{ ...keep, Principal: { AWS: [role, account] } }],
    'allows every action': [{ ...keep, Action: '*' }],
    'contains kms:* among other actions': [{ ...keep, Action: ['kms:Encrypt', 'kms:*'] }],
    'contains * among other resources': [{ ...keep, Resource: [`arn:aws:kms:us-east-1:${account}:key/x`, '*'] }],
    'keeps the account in a later statement': [{ ...keep, Principal: { AWS: role }, Action: 'kms:Encrypt' }, keep],
    'limits the account in another statement': [{ ...keep, Condition: {} }, keep],
    'denies requests without TLS': [keep, { ...deny, Condition: withoutTls }],
    // A Deny statement takes access away from other accounts, which is harmless.
    'denies other accounts requests without TLS': [
      keep,
      { ...deny, Principal: { AWS: foreign }, Condition: withoutTls },
    ],
    'has a statement without a principal': [{ ...keep, Principal: undefined }, keep],
  };
  test.for(Object.entries(accepted))('a key policy is accepted if it %s', ([, statements]) => {
    expect(readPolicyError(policyOf(...statements))).toBeUndefined();
  });

  const rejected: Record<string, [statements: object[], message: string]> = {
    'denies every request': [[keep, deny], `${pointer(2)} ${denial}`],
    'denies requests with TLS': [
      [keep, { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
      `${pointer(2)} ${denial}`,
    ],
    'denies with NotPrincipal': [
      [{ ...deny, Principal: undefined, NotPrincipal: { AWS: root }, Condition: withoutTls }, keep],
      `${pointer(1)} ${denial}`,
    ],
    'denies with NotAction': [
      [keep, { ...deny, Action: undefined, NotAction: 'kms:List*', Condition: withoutTls }],
      `${pointer(2)} ${denial}`,
    ],
    'denies with NotResource': [
      [keep, { ...deny, Resource: undefined, NotResource: 'x', Condition: withoutTls }],
      `${pointer(2)} ${denial}`,
    ],
    'allows everyone': [[keep, { ...keep, Principal: '*' }], `${pointer(2)} ${stranger}`],
    'allows another account after an allowed role': [
      [{ ...keep, Principal: { AWS: [role, foreign] } }, keep],
      `${pointer(1)} ${stranger}`,
    ],
    "allows a federated identity with the account's id": [
      [keep, { ...keep, Principal: { Federated: account } }],
      `${pointer(2)} ${stranger}`,
    ],
    "allows an identity provider of the account's own": [
      [keep, { ...keep, Principal: { AWS: account, Federated: `arn:aws:iam::${account}:saml-provider/x` } }],
      `${pointer(2)} ${stranger}`,
    ],
    "allows a canonical user with the account's id": [
      [keep, { ...keep, Principal: { CanonicalUser: account } }],
      `${pointer(2)} ${stranger}`,
    ],
    'allows all principals except one': [
      [keep, { ...keep, Principal: undefined, NotPrincipal: { AWS: account } }],
      `${pointer(2)} must not use NotPrincipal in an Allow statement, because it allows all other principals. List the allowed principals in Principal.`,
    ],
    'does not contain the account': [[{ ...keep, Principal: { AWS: role } }], `${needed}.`],
    'contains the account only in a Deny statement': [
      [{ ...keep, Effect: 'Deny', Condition: withoutTls }],
      `${needed}.`,
    ],
    'has no principals': [[{ ...keep, Principal: {} }], `${needed}.`],
    'allows the account only some actions': [[{ ...keep, Action: ['kms:Encrypt', 'kms:Put*'] }], limited(1)],
    'allows the account everything except one action': [
      [
        { ...keep, Principal: { AWS: role } },
        { ...keep, Action: undefined, NotAction: 'kms:Decrypt' },
      ],
      limited(2),
    ],
    'allows the account without actions': [[{ ...keep, Action: undefined }], limited(1)],
    'allows the account without resources': [[{ ...keep, Resource: [] }], limited(1)],
    'allows the account with NotResource': [[{ ...keep, NotResource: 'arn:aws:s3:::x' }], limited(1)],
    'allows the account with NotAction': [[{ ...keep, NotAction: 'kms:Decrypt' }], limited(1)],
    'allows the account under a condition': [[{ ...keep, Condition: {} }], limited(1)],
  };
  test.for(Object.entries(rejected))(
    'a key policy is rejected with the position and the reason if it %s',
    ([, [statements, message]]) => {
      expect(readPolicyError(policyOf(...statements))).toBe(message);
    },
  );

  test('a key policy may allow the services and the other principals that the deployment lists, by type', () => {
    const principals = new Set([foreign, 'logs.amazonaws.com']);
    const service = { ...keep, Principal: { Service: ['logs.amazonaws.com'] } };
    const other = { ...keep, Principal: { AWS: `arn:aws:iam::${foreign}:role/x` } };
    expect(readPolicyError(policyOf(keep, service, other), { principals })).toBeUndefined();
    expect(readPolicyError(policyOf(keep, service))).toBe(`${pointer(2)} ${stranger}`);
  });

  test('KMS receives the key policy that was checked, even if a name occurs twice in the text', () => {
    const input = {
      Policy: `{"Statement":[${JSON.stringify({ ...keep, Principal: '*' })}],"Statement":[${JSON.stringify(keep)}]}`,
    };
    guardPolicy(input, bounds());
    expect(input.Policy).toBe(JSON.stringify({ Statement: [keep] }));
  });

  test('a key policy that is not text is left to KMS', () => {
    for (const Policy of [undefined, 7]) expect(readPolicyError(Policy)).toBeUndefined();
  });

  const statement = pointer(2);
  const grammar = (element: string) => `must contain a ${element} as the IAM policy grammar defines it.`;
  const only =
    'must contain only Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition, spelled like this.';
  test.for<readonly [policy: string, message: string]>([
    ['no policy', '/Policy must be a JSON object.'],
    ['[]', '/Policy must be a JSON object.'],
    ['{"Statement":[]}', '/Policy must contain a statement.'],
    ['{}', `${pointer(1)} must be a JSON object.`],
    [policyOf(keep, []), `${statement} must be a JSON object.`],
    ['{"statement":[]}', '/Policy must contain only Version, Id, Statement, spelled like this.'],
    ['{"Statement":"x"}', `/Policy ${grammar('Statement')}`],
    [JSON.stringify({ Version: '2012', Statement: keep }), `/Policy ${grammar('Version')}`],
    [JSON.stringify({ Id: 1, Statement: keep }), `/Policy ${grammar('Id')}`],
    [policyOf(keep, { ...keep, condition: {} }), `${statement} ${only}`],
    [policyOf(keep, { ...keep, Sid: 1 }), `${statement} ${grammar('Sid')}`],
    [policyOf(keep, { ...keep, Effect: undefined }), `${statement} must contain the Effect Allow or Deny.`],
    [policyOf(keep, { ...keep, Effect: 'deny' }), `${statement} ${grammar('Effect')}`],
    [policyOf(keep, { ...keep, Principal: account }), `${statement} ${grammar('Principal')}`],
    [policyOf(keep, { ...keep, Principal: { AWS: account, Users: 'x' } }), `${statement} ${grammar('Principal')}`],
    [policyOf(keep, { ...keep, Principal: { AWS: [account, 1] } }), `${statement} ${grammar('Principal')}`],
    [policyOf(keep, { ...keep, NotPrincipal: [] }), `${statement} ${grammar('NotPrincipal')}`],
    [policyOf(keep, { ...keep, Action: 1 }), `${statement} ${grammar('Action')}`],
    [policyOf(keep, { ...keep, NotAction: {} }), `${statement} ${grammar('NotAction')}`],
    [policyOf(keep, { ...keep, Resource: ['*', 1] }), `${statement} ${grammar('Resource')}`],
    [policyOf(keep, { ...keep, NotResource: null }), `${statement} ${grammar('NotResource')}`],
    [policyOf(keep, { ...keep, Condition: { Bool: 'x' } }), `${statement} ${grammar('Condition')}`],
    [policyOf(keep, { ...keep, Condition: { Bool: { a: [true, {}] } } }), `${statement} ${grammar('Condition')}`],
    [policyOf(keep, { ...keep, Condition: { Bool: { a: null } } }), `${statement} ${grammar('Condition')}`],
  ])('a key policy is rejected as malformed if it is not valid in the policy grammar: %s', ([policy, message]) => {
    expect(readPolicyError(policy)).toBe(message);
  });

  test.for([
    { Version: '2008-10-17', Id: 'x', Statement: keep },
    { Statement: { ...keep, Sid: 'x', Principal: { AWS: [account], Service: [], CanonicalUser: [] } } },
    { Statement: [keep, { ...deny, Condition: withoutTls }] },
    { Statement: [keep, { ...keep, Action: 'kms:Encrypt', Condition: { Bool: { a: [true, 1, 'x'], b: false } } }] },
  ])('a key policy is accepted if it is valid in the policy grammar: %j', (policy) => {
    expect(readPolicyError(JSON.stringify(policy))).toBeUndefined();
  });
});

describe('a grant', () => {
  const Operations = ['Encrypt'];
  const principal = (member: string) =>
    `/${member} must be a principal in this account or another principal that this service allows.`;
  const service = (member: string) => `/${member} must be a service principal that this service allows.`;
  const operation = (name: string) =>
    `/Operations must not contain ${name}, because this service does not allow that operation in grants.`;
  const rows: readonly (readonly [input: object, overrides: Partial<PolicyBounds>, message: string | undefined])[] = [
    [{ GranteePrincipal: role, RetiringPrincipal: root }, {}, undefined],
    [{ GranteePrincipal: foreign }, {}, principal('GranteePrincipal')],
    [{ RetiringPrincipal: foreign }, {}, principal('RetiringPrincipal')],
    [{ GranteeServicePrincipal: 'a.amazonaws.com' }, {}, service('GranteeServicePrincipal')],
    [{ RetiringServicePrincipal: 'a.amazonaws.com' }, {}, service('RetiringServicePrincipal')],
    [{ RetiringServicePrincipal: 'a.amazonaws.com' }, { principals: new Set(['a.amazonaws.com']) }, undefined],
    [{ GranteeServicePrincipal: account }, {}, service('GranteeServicePrincipal')],
    [{ Operations: ['Encrypt', 'CreateGrant'] }, {}, operation('CreateGrant')],
    [{ Operations: ['Encrypt', 'Decrypt'] }, { grantOperations: new Set(['Encrypt']) }, operation('Decrypt')],
    [{ Operations: ['CreateGrant'] }, { grantOperations: new Set(['CreateGrant']) }, undefined],
  ];
  test.for(rows)('a grant with %j and the bounds %o has the error %j', ([input, overrides, message]) => {
    expect(readMessage(() => guardGrant({ Operations, ...input }, bounds(overrides)))).toBe(message);
  });
});

test.for<readonly [principal: string, principals: readonly string[], isAllowed: boolean]>([
  [account, [], true],
  [root, [], true],
  [`arn:aws:sts::${account}:assumed-role/app/session`, [], true],
  [foreign, [], false],
  [foreign, [foreign], true],
  [`arn:aws:iam::${foreign}:root`, [foreign], true],
  [`arn:aws:iam::${foreign}:root`, [`arn:aws:iam::${foreign}:role/x`], false],
  [`arn:aws-cn:iam::${account}:root`, [], false],
  [`${account}1`, [], false],
  [`1${account}`, [], false],
  ['AROAIOSFODNN7EXAMPLE', [], false],
  ['AROAIOSFODNN7EXAMPLE', ['AROAIOSFODNN7EXAMPLE'], true],
  ['*', ['*'], true],
  ['*', [account], false],
])('the principal %s with the allowed principals %j is allowed: %s', ([principal, principals, isAllowed]) => {
  expect(isAllowedPrincipal(principal, bounds({ principals: new Set(principals) }))).toBe(isAllowed);
});
