import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../emulator/store/store.ts';
import { allow, deny, role, root, to, user } from '../../support/access.ts';
import { decideSituation, type RawStatement, type Situation } from '../../support/policy-situations.ts';
import { isAllowedByReference } from '../../support/reference-evaluator.ts';

/** The pages that each case follows. */
const guide = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/';
const sources = {
  notPrincipal: `${guide}reference_policies_elements_notprincipal.html`,
  notAction: `${guide}reference_policies_elements_notaction.html`,
  notResource: `${guide}reference_policies_elements_notresource.html`,
  multivalued: `${guide}reference_policies_condition-single-vs-multi-valued-context-keys.html`,
  operators: `${guide}reference_policies_elements_condition_operators.html`,
  logic: `${guide}reference_policies_condition-logic-multiple-context-keys-or-values.html`,
  variables: `${guide}reference_policies_variables.html`,
  principal: `${guide}reference_policies_elements_principal.html`,
  denyAllow: `${guide}reference_policies_evaluation-logic_policy-eval-denyallow.html`,
  crossAccount: `${guide}reference_policies_evaluation-logic-cross-account.html`,
  boundaries: `${guide}access_policies_boundaries.html`,
  session: `${guide}access_policies.html#policies_session`,
  version: `${guide}reference_policies_elements_version.html`,
  kms: 'https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html',
  serviceControl:
    'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html',
  resourceControl:
    'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html',
} as const;

const [owner, other] = ['111122223333', '444455556666'];
const [alice, bob, foreign] = [user('alice', owner), user('bob', owner), user('alice', other)];
const app = role('app', owner);
const session = `arn:aws:sts::${owner}:assumed-role/app/one`;
const otherSession = `arn:aws:sts::${owner}:assumed-role/app/two`;
const federated = `arn:aws:sts::${owner}:federated-user/app`;
const keyArn = `arn:aws:kms:us-east-1:${owner}:key/11111111-1111-4111-8111-111111111111`;
const byIam = to(root(owner), allow('kms:*'));
const variable = (text: string) => `$\{${text}}`;
const all = [allow('*')];
const encrypt = allow('kms:Encrypt');
const decrypt = allow('kms:Decrypt');

const resourceBased = 'resource-based policy';
const identityBased = 'identity-based policy';
const deniedByKey = `denied by ${resourceBased}`;
const deniedByIdentity = `denied by ${identityBased}`;

type Case = [source: keyof typeof sources, expected: string, more: Partial<Situation>];

const forEach = (source: Case[0], expected: string, ...situations: Partial<Situation>[]): Case[] =>
  situations.map((situation) => [source, expected, situation]);
/** The request is denied to these callers by a statement with NotPrincipal, or not. */
const except = (...AWS: string[]): RawStatement => ({
  Effect: 'Deny',
  NotPrincipal: { AWS },
  Action: 'kms:*',
  Resource: '*',
});
const withCondition = (Condition: object, values: Situation['values'] = {}): Partial<Situation> => ({
  identity: [allow('kms:*', { Condition })],
  values,
});
const met = (source: Case[0], Condition: object, values?: Situation['values']): Case => [
  source,
  'allowed',
  withCondition(Condition, values),
];
const notMet = (source: Case[0], Condition: object, values?: Situation['values']): Case => [
  source,
  identityBased,
  withCondition(Condition, values),
];
const tags = { 'aws:tagkeys': ['a', 'b'] };

const notPrincipal: Case[] = [
  ...forEach(
    'notPrincipal',
    'allowed',
    { key: [byIam, except(alice, root(owner))], identity: all },
    { key: [byIam, except(alice, owner)], identity: all },
    { caller: session, key: [byIam, except(session, app, owner)], identity: all },
    { caller: root(owner), key: [byIam, except(owner)] },
    { key: [byIam, except('*')], identity: all },
    { caller: foreign, key: [to(root(other), allow('*')), except(foreign, other)], identity: all },
  ),
  ...forEach(
    'notPrincipal',
    deniedByKey,
    { key: [byIam, except(alice)], identity: all },
    { key: [byIam, except(root(owner))], identity: all },
    { key: [byIam, except(bob, root(owner))], identity: all },
    { caller: session, key: [byIam, except(session, owner)], identity: all },
    { caller: session, key: [byIam, except(app, owner)], identity: all },
    { caller: otherSession, key: [byIam, except(session, app, owner)], identity: all },
    { key: [to(alice, allow('*')), except(bob, owner)] },
  ),
  [
    'notPrincipal',
    'hidden',
    { caller: foreign, key: [to(root(other), allow('*')), except(alice, owner)], identity: all },
  ],
];

const notElements: Case[] = [
  ...forEach(
    'notAction',
    'allowed',
    { identity: [{ Effect: 'Allow', NotAction: 'kms:Decrypt', Resource: '*' }] },
    { identity: [{ Effect: 'Allow', NotAction: ['s3:*', 'kms:Decrypt'], Resource: '*' }] },
    { identity: [...all, { Effect: 'Deny', NotAction: ['kms:Encrypt', 's3:*'], Resource: '*' }] },
    { key: [{ Effect: 'Allow', Principal: { AWS: alice }, NotAction: 'kms:Put*', Resource: '*' }] },
  ),
  ...forEach(
    'notAction',
    identityBased,
    { identity: [{ Effect: 'Allow', NotAction: 'kms:*', Resource: '*' }] },
    { identity: [{ Effect: 'Allow', NotAction: ['s3:*', 'KMS:en*'], Resource: '*' }] },
  ),
  ['notAction', deniedByIdentity, { identity: [...all, { Effect: 'Deny', NotAction: 'kms:Decrypt', Resource: '*' }] }],
  [
    'notAction',
    deniedByKey,
    { key: [byIam, to(root(owner), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' })], identity: all },
  ],
  ['notResource', 'allowed', { identity: [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::*' }] }],
  ['notResource', identityBased, { identity: [{ Effect: 'Allow', Action: '*', NotResource: [keyArn] }] }],
  [
    'notResource',
    'allowed',
    { identity: [...all, { Effect: 'Deny', Action: '*', NotResource: `arn:aws:kms:*:${owner}:key/*` }] },
  ],
  [
    'notResource',
    deniedByIdentity,
    { identity: [...all, { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:kms:*:*:alias/*' }] },
  ],
];

const sets: Case[] = [
  met('multivalued', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }, tags),
  notMet('multivalued', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, tags),
  // An absent key satisfies ForAllValues, so an Allow statement needs a Null condition, too.
  met('multivalued', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }),
  met('multivalued', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, { 'aws:tagkeys': [] }),
  notMet('multivalued', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] }, Null: { 'aws:TagKeys': 'false' } }),
  met('multivalued', { 'ForAllValues:StringLike': { 'aws:TagKeys': '?' } }, tags),
  met('multivalued', { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['c', 'd'] } }, tags),
  notMet('multivalued', { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['b', 'd'] } }, tags),
  met('multivalued', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'x'] } }, tags),
  notMet('multivalued', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['x'] } }, tags),
  notMet('multivalued', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }),
  met('multivalued', { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } }, tags),
  notMet('multivalued', { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a', 'b'] } }, tags),
  notMet('multivalued', { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } }),
  [
    'multivalued',
    deniedByIdentity,
    { identity: [...all, deny('*', { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } })] },
  ],
  [
    'multivalued',
    'allowed',
    { identity: [...all, deny('*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } } })] },
  ],
];

const vpce = 'aws:SourceVpce';
const absence: Case[] = [
  met('operators', { StringEqualsIfExists: { [vpce]: 'vpce-1' } }),
  met('operators', { StringEqualsIfExists: { [vpce]: 'vpce-1' } }, { 'aws:sourcevpce': ['vpce-1'] }),
  notMet('operators', { StringEqualsIfExists: { [vpce]: 'vpce-1' } }, { 'aws:sourcevpce': ['vpce-2'] }),
  met('operators', { NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '3600' } }),
  met('operators', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
  notMet('operators', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
  met('operators', { 'ForAnyValue:StringEqualsIfExists': { 'aws:CalledVia': 'x' } }),
  met('operators', { StringNotEquals: { [vpce]: 'vpce-1' } }),
  met('operators', { StringNotLike: { [vpce]: 'vpce-*' } }),
  met('operators', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }),
  notMet('operators', { StringEquals: { [vpce]: 'vpce-1' } }),
  notMet('operators', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
  met('operators', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }),
  met('operators', { Null: { [vpce]: 'true' } }),
  notMet('operators', { Null: { [vpce]: 'false' } }),
  met('operators', { Null: { [vpce]: false } }, { 'aws:sourcevpce': ['vpce-1'] }),
  met('operators', { Null: { [vpce]: ['true', 'false'] } }),
  [
    'operators',
    deniedByIdentity,
    { identity: [...all, deny('*', { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } })] },
  ],
  [
    'operators',
    'allowed',
    { identity: [...all, deny('*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } })] },
  ],
  [
    'operators',
    deniedByIdentity,
    { identity: [...all, deny('*', { Condition: { StringNotEquals: { [vpce]: 'vpce-1' } } })] },
  ],
];

const comparisons: Case[] = [
  // All operators and keys must be met, and one of the values.
  notMet('logic', { StringEquals: { a: '1', b: '1' } }, { a: ['1'], b: ['2'] }),
  met('logic', { StringEquals: { a: ['1', '2'], b: '2' } }, { a: ['1'], b: ['2'] }),
  notMet('logic', { StringNotEquals: { a: ['1', '2'] } }, { a: ['2'] }),
  notMet('operators', { StringEquals: { a: 'Value' } }, { a: ['value'] }),
  notMet('operators', { StringEquals: { a: 'v*' } }, { a: ['value'] }),
  met('operators', { StringEqualsIgnoreCase: { a: 'VALUE' } }, { a: ['value'] }),
  met('operators', { ArnEquals: { a: 'arn:aws:iam::*:role/*' } }, { a: [role('x/y', owner)] }),
  notMet('operators', { ArnLike: { a: 'arn:aws:iam:*' } }, { a: [app] }),
  met('operators', { NumericEquals: { a: '2' } }, { a: ['2.0'] }),
  met('operators', { DateGreaterThanEquals: { a: '2026-01-01T00:00:00Z' } }, { a: ['1767225600'] }),
  met('operators', { IpAddress: { a: ['192.0.2.0/24', '10.0.0.0/8'] } }, { a: ['10.255.0.1'] }),
];

const alias = (text: string) => [allow('*', { Resource: `arn:aws:kms:*:${text}:key/*` })];
const variables: Case[] = [
  [
    'variables',
    'allowed',
    { identity: alias(variable('aws:PrincipalAccount')), values: { 'aws:principalaccount': [owner] } },
  ],
  ['variables', identityBased, { identity: alias(variable('aws:PrincipalAccount')) }],
  ['variables', 'allowed', { identity: alias(variable(`aws:PrincipalTag/owner, '${owner}'`)) }],
  ['variables', identityBased, { identity: alias(variable("aws:PrincipalTag/owner, '0'")) }],
  ['variables', identityBased, { identity: alias(variable('a')), values: { a: [owner, other] } }],
  met('variables', { StringEquals: { a: variable('aws:username') } }, { a: ['bob'], 'aws:username': ['bob'] }),
  notMet('variables', { StringEquals: { a: variable('aws:username') } }, { a: ['bob'] }),
  met('variables', { StringNotEquals: { a: variable('aws:username') } }, { a: ['bob'] }),
  met('variables', { StringLike: { a: `${variable('b')}-*` } }, { a: ['x-1'], b: ['x'] }),
  notMet('variables', { StringLike: { a: variable('b') } }, { a: ['anything'], b: ['*'] }),
  notMet('variables', { StringLike: { a: variable('*') } }, { a: ['anything'] }),
  met('variables', { StringLike: { a: `${variable('?')}${variable('*')}${variable('$')}` } }, { a: ['?*$'] }),
  [
    'version',
    identityBased,
    { ...withCondition({ StringEquals: { a: variable('b') } }, { a: ['x'], b: ['x'] }), version: '2008-10-17' },
  ],
  [
    'version',
    'allowed',
    { ...withCondition({ StringEquals: { a: variable('b') } }, { a: [variable('b')] }), version: '2008-10-17' },
  ],
];

const sessions: Case[] = [
  ...forEach(
    'principal',
    'allowed',
    { caller: session, key: [to(app, encrypt)] },
    { caller: session, key: [to(session, encrypt)] },
    { caller: federated, key: [to(federated, encrypt)] },
    { caller: session, key: [to('*', encrypt)] },
    { caller: session, key: [byIam], identity: all },
  ),
  ...forEach(
    'principal',
    resourceBased,
    { caller: otherSession, key: [to(session, encrypt)] },
    { caller: alice, key: [to(user('Alice', owner), encrypt)], identity: all },
    { caller: session, key: [to(alice, encrypt)], identity: all },
    { caller: root(owner), key: [to(alice, encrypt)] },
  ),
  ...forEach(
    'principal',
    deniedByKey,
    { caller: session, key: [byIam, to(app, deny('*'))], identity: all },
    { caller: session, key: [byIam, to(owner, deny('*'))], identity: all },
    { caller: session, key: [byIam, to('*', deny('*'))], identity: all },
  ),
  ...forEach(
    'session',
    'allowed',
    { caller: session, identity: all, session: [encrypt] },
    { caller: session, key: [to(session, encrypt)], session: [decrypt] },
    { caller: federated, key: [to(federated, encrypt)], session: [decrypt] },
  ),
  ...forEach(
    'session',
    'session policy',
    { caller: session, identity: all, session: [decrypt] },
    { caller: session, key: [to(app, encrypt)], session: [decrypt] },
    { caller: session, key: [byIam, to(app, encrypt)], session: [decrypt] },
  ),
  [
    'session',
    'denied by session policy',
    { caller: session, key: [to(session, encrypt)], session: [...all, deny('*')] },
  ],
  ['session', identityBased, { caller: session, session: all }],
];

const boundaries: Case[] = [
  ...forEach(
    'boundaries',
    'allowed',
    { identity: all, boundary: [encrypt] },
    { key: [to(alice, encrypt)], boundary: [decrypt] },
    { caller: session, key: [to(session, encrypt)], boundary: [decrypt] },
    { caller: session, key: [to(app, encrypt)], boundary: [encrypt], session: [encrypt] },
  ),
  ...forEach(
    'boundaries',
    'permissions boundary',
    { identity: all, boundary: [decrypt] },
    { caller: session, key: [to(app, encrypt)], boundary: [decrypt] },
    { caller: session, identity: all, boundary: [decrypt], session: all },
  ),
  ['boundaries', 'denied by permissions boundary', { key: [to(alice, encrypt)], boundary: [...all, deny('kms:Enc*')] }],
  ['boundaries', identityBased, { boundary: all }],
  ['boundaries', 'session policy', { caller: session, identity: all, boundary: all, session: [decrypt] }],
];

const accounts: Case[] = [
  ...forEach(
    'crossAccount',
    'allowed',
    { caller: foreign, key: [to(root(other), encrypt)], identity: all },
    { caller: foreign, key: [to(foreign, encrypt)], identity: [encrypt] },
    { caller: foreign, key: [to('*', encrypt)], identity: all },
    { caller: root(other), key: [to(other, encrypt)] },
  ),
  ...forEach(
    'crossAccount',
    identityBased,
    { caller: foreign, key: [to(foreign, encrypt)] },
    { caller: foreign, key: [to('*', encrypt)], identity: [decrypt] },
  ),
  ...forEach(
    'crossAccount',
    'hidden',
    { caller: foreign, key: [byIam], identity: all },
    { caller: foreign, key: [to(user('bob', other), encrypt)], identity: all },
    { caller: foreign, key: [to(other, encrypt), to('*', deny('*'))], identity: all },
    // KMS does not allow PutKeyPolicy across accounts.
    { caller: foreign, action: 'kms:PutKeyPolicy', key: [to(other, allow('*'))], identity: all },
  ),
  ['crossAccount', deniedByIdentity, { caller: foreign, key: [to(other, encrypt)], identity: [...all, deny('*')] }],
  [
    'crossAccount',
    'permissions boundary',
    { caller: foreign, key: [to(foreign, encrypt)], identity: all, boundary: [decrypt] },
  ],
  ['kms', resourceBased, { key: [to(bob, encrypt)], identity: all }],
  ['kms', identityBased, { key: [byIam] }],
  ['denyAllow', 'allowed', { key: [to(alice, encrypt)] }],
  ['denyAllow', deniedByKey, { key: [to(alice, encrypt), to(alice, deny('kms:E*'))], identity: all }],
  ['denyAllow', deniedByIdentity, { key: [to(alice, encrypt)], identity: [deny('*')] }],
];

const withoutKms: RawStatement[] = [allow('s3:*')];
const denyOthers: RawStatement = {
  ...deny('kms:*'),
  Principal: '*',
  Condition: { StringNotEquals: { 'aws:PrincipalAccount': owner } },
};
const organization: Case[] = [
  ...forEach(
    'serviceControl',
    'allowed',
    { identity: all, serviceControl: [all, all] },
    { identity: all, serviceControl: [all, [allow('kms:*')]] },
    { caller: root(owner), serviceControl: [[encrypt]] },
    { identity: all, serviceControl: [[...all, deny('kms:Decrypt')]] },
  ),
  ...forEach(
    'serviceControl',
    'service control policy',
    { identity: all, serviceControl: [all, withoutKms] },
    { identity: all, serviceControl: [withoutKms, all] },
    { key: [to(alice, encrypt)], serviceControl: [withoutKms] },
    { caller: root(owner), serviceControl: [withoutKms] },
    { caller: foreign, key: [to(other, encrypt)], identity: all, serviceControl: [withoutKms] },
  ),
  ...forEach(
    'serviceControl',
    'denied by service control policy',
    { identity: all, serviceControl: [all, [...all, deny('kms:Encrypt')]] },
    { caller: root(owner), serviceControl: [[...all, deny('*')]] },
    { key: [to(session, encrypt)], caller: session, serviceControl: [[...all, deny('*')]] },
  ),
  ['serviceControl', identityBased, { serviceControl: [all] }],
  [
    'resourceControl',
    'allowed',
    { identity: all, resourceControl: [denyOthers], values: { 'aws:principalaccount': [owner] } },
  ],
  [
    'resourceControl',
    'denied by resource control policy',
    {
      caller: foreign,
      key: [to(other, encrypt)],
      identity: all,
      resourceControl: [denyOthers],
      values: { 'aws:principalaccount': [other] },
    },
  ],
  [
    'resourceControl',
    'denied by resource control policy',
    { caller: root(owner), resourceControl: [{ ...deny('*'), Principal: '*' }] },
  ],
  ['resourceControl', identityBased, { resourceControl: [{ ...deny('kms:Decrypt'), Principal: '*' }] }],
];

const cases = {
  notPrincipal,
  notElements,
  sets,
  absence,
  comparisons,
  variables,
  sessions,
  boundaries,
  accounts,
  organization,
};
const rows = Object.entries(cases).flatMap(([group, list]) =>
  list.map(([source, expected, more], index) => ({
    name: `${group} ${index + 1}`,
    source: sources[source],
    expected,
    more,
  })),
);

const store = openStore(undefined);
afterAll(() => store.close());
const base: Situation = {
  caller: alice,
  action: 'kms:Encrypt',
  resource: keyArn,
  key: [byIam],
  identity: [],
  values: {},
};

test.for(rows)('policy case $name: the decision is "$expected" ($source)', ({ expected, more }) => {
  const situation = { ...base, ...more };
  expect(decideSituation(store, situation)).toBe(expected);
  expect(isAllowedByReference(situation)).toBe(expected === 'allowed');
});

test('there are at least 120 policy cases, and each page is the source of a case', () => {
  expect(rows.length).toBeGreaterThanOrEqual(120);
  expect(new Set(rows.map(({ source }) => source)).size).toBe(Object.keys(sources).length);
});
