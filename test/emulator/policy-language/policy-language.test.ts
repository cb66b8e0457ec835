import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuthorizationRequest, evaluate } from '../../../emulator/authorization/evaluate.ts';
import { getUserId, type Principal, parseIdentity } from '../../../emulator/authorization/principal.ts';
import { type PolicyKind, readPolicy } from '../../../emulator/policy-language/policy-document.ts';
import { PolicyError } from '../../../emulator/policy-language/policy-error.ts';
import { fillTemplate, matches, parseTemplate } from '../../../emulator/policy-language/wildcard-pattern.ts';
import { allow, deny, policy, role, root, to, user } from '../../support/access.ts';

const owner = '111122223333';
const keyArn = `arn:aws:kms:us-west-2:${owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

function toPrincipal(arn: string): Principal {
  const identity = parseIdentity(arn, 'session');
  if (identity === undefined) throw new Error(`${arn} is not the ARN of a caller`);
  return { ...identity, policies: [], tags: {}, conditionKeys: new Map() };
}

type Values = Readonly<Record<string, readonly string[] | undefined | null>>;

function createRequest(arn: string, action: string, resource: string, values: Values = {}): AuthorizationRequest {
  return { principal: toPrincipal(arn), action, resource, readConditionKey: (key) => values[key.toLowerCase()] };
}

type Outcome = 'allow' | 'deny' | 'nothing';

function readOutcome(document: object, kind: PolicyKind, request: AuthorizationRequest): Outcome {
  const { denies, allows } = evaluate(readPolicy(document, kind), request);
  if (denies) return 'deny';
  return allows.size > 0 ? 'allow' : 'nothing';
}

describe('actions and resources', () => {
  test.for<[Outcome, object, string, string]>([
    ['allow', allow('kms:Encrypt'), 'kms:Encrypt', keyArn],
    ['allow', allow('KMS:encrypt'), 'kms:Encrypt', keyArn],
    ['allow', allow(['kms:Decrypt', 'kms:Encrypt']), 'kms:Encrypt', keyArn],
    ['allow', allow('kms:GenerateDataKey*'), 'kms:GenerateDataKeyPair', keyArn],
    ['allow', allow('kms:ReEncrypt????'), 'kms:ReEncryptFrom', keyArn],
    ['nothing', allow('kms:ReEncrypt????'), 'kms:ReEncryptTo', keyArn],
    ['allow', allow('*'), 'kms:Encrypt', keyArn],
    ['nothing', allow('kms:Encrypt'), 'kms:Decrypt', keyArn],
    ['nothing', allow('s3:*'), 'kms:Decrypt', keyArn],
    ['allow', { Effect: 'Allow', NotAction: 'kms:Decrypt', Resource: '*' }, 'kms:Encrypt', keyArn],
    ['nothing', { Effect: 'Allow', NotAction: ['kms:E*'], Resource: '*' }, 'kms:Encrypt', keyArn],
    // https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
    ['allow', allow('kms:DescribeKey', { Resource: keyArn }), 'kms:DescribeKey', keyArn],
    ['allow', allow('kms:*', { Resource: `arn:aws:kms:*:${owner}:key/*` }), 'kms:DescribeKey', keyArn],
    ['allow', allow('kms:*', { Resource: `arn:aws:kms:us-west-2:${owner}:key/*` }), 'kms:Encrypt', keyArn],
    ['nothing', allow('kms:*', { Resource: 'arn:aws:kms:eu-*' }), 'kms:Encrypt', keyArn],
    ['nothing', allow('kms:*', { Resource: `arn:aws:kms:*:${owner}:alias/*` }), 'kms:Encrypt', keyArn],
    ['nothing', allow('kms:ListKeys', { Resource: keyArn }), 'kms:ListKeys', '*'],
    ['nothing', { Effect: 'Allow', Action: '*', NotResource: keyArn }, 'kms:Encrypt', keyArn],
    ['allow', { Effect: 'Allow', Action: '*', NotResource: '*:alias/*' }, 'kms:Encrypt', keyArn],
    ['deny', deny('kms:*'), 'kms:Encrypt', keyArn],
    ['nothing', deny('kms:Decrypt'), 'kms:Encrypt', keyArn],
  ])(
    'the outcome is "%s" for the statement %j, the action %s and the resource %s',
    ([outcome, statement, action, resource]) => {
      expect(readOutcome(policy(statement), 'identity', createRequest(user('Alice', owner), action, resource))).toBe(
        outcome,
      );
    },
  );

  test('a statement with many wildcards is evaluated within a reasonable time', () => {
    const statement = allow(`kms:${'*a'.repeat(200)}b`);
    const request = createRequest(user('Alice', owner), `kms:${'a'.repeat(400)}`, '*');
    expect(readOutcome(policy(statement), 'identity', request)).toBe('nothing');
  });
});

describe('a pattern', () => {
  test('matches the same texts as the regular expression for it', () => {
    const character = (...all: string[]) =>
      fc.array(fc.constantFrom(...all), { maxLength: 12 }).map((list) => list.join(''));
    fc.assert(
      fc.property(character('a', 'b', '*', '?', '.'), character('a', 'b', '.', '*'), (pattern, text) => {
        const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        const parsed = fillTemplate(parseTemplate(pattern, true), () => undefined);
        expect(parsed && matches(parsed, text)).toBe(new RegExp(`^${expression}$`, 's').test(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test('a value of 900,000 characters is compared with 100 patterns', () => {
    const patterns = Array.from({ length: 100 }, (_, index) => `*a?b?${index}*`);
    const document = policy(allow('*', { Condition: { StringLike: { key: patterns } } }));
    const outcomeOf = (text: string) =>
      readOutcome(document, 'identity', createRequest(user('Alice', owner), 'kms:Encrypt', keyArn, { key: [text] }));
    const long = 'ab'.repeat(450_000);
    expect([outcomeOf(long), outcomeOf(`${long}abba99`)]).toEqual(['nothing', 'allow']);
  });
});

describe('the principals in a key policy', () => {
  const session = `arn:aws:sts::${owner}:assumed-role/Engineering/bob`;
  const other = '444455556666';
  const except = (...AWS: string[]) => ({ Effect: 'Deny', NotPrincipal: { AWS }, Action: '*', Resource: '*' });
  test.for<[string, string, object]>([
    ['itself', user('Alice', owner), to(user('Alice', owner), allow('*'))],
    ['itself', user('Alice', owner), to([role('x', owner), user('Alice', owner)], allow('*'))],
    ['none', user('Alice', owner), to(user('alice', owner), allow('*'))],
    ['account', user('Alice', owner), to(root(owner), allow('*'))],
    ['account', user('Alice', owner), to(owner, allow('*'))],
    ['itself', root(owner), to(root(owner), allow('*'))],
    ['none', user('Alice', other), to(root(owner), allow('*'))],
    ['itself', user('Alice', other), to('*', allow('*'))],
    ['itself', user('Alice', other), { ...allow('*'), Principal: '*' }],
    ['role', session, to(role('Engineering', owner), allow('*'))],
    ['itself', session, to(session, allow('*'))],
    ['none', session, to(`arn:aws:sts::${owner}:assumed-role/Engineering/alice`, allow('*'))],
    ['account', session, to(root(owner), allow('*'))],
    ['none', user('Alice', owner), { ...allow('*'), Principal: { Service: 's3.amazonaws.com' } }],
    ['none', user('Alice', owner), { ...allow('*'), Principal: { Federated: '*' } }],
    ['denied', user('Alice', owner), to(root(owner), deny('*'))],
    ['denied', session, to(role('Engineering', owner), deny('*'))],
    ['denied', user('Alice', other), to('*', deny('*'))],
    ['none', user('Alice', other), to(root(owner), deny('*'))],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    ['none', user('Bob', owner), except(user('Bob', owner), root(owner))],
    ['denied', user('Bob', owner), except(user('Bob', owner))],
    ['denied', user('Alice', owner), except(user('Bob', owner), root(owner))],
    ['none', session, except(session, role('Engineering', owner), root(owner))],
    ['denied', session, except(session, root(owner))],
  ])('the match is "%s" for the caller %s and the statement %j', ([match, arn, statement]) => {
    const { denies, allows } = evaluate(
      readPolicy(policy(statement), 'key'),
      createRequest(arn, 'kms:Encrypt', keyArn),
    );
    expect(denies ? 'denied' : ([...allows][0] ?? 'none')).toBe(match);
  });

  test('a role with a path is identified by its role ARN, because session ARNs do not contain the path', () => {
    const identity = parseIdentity(`arn:aws:iam::${owner}:role/team/a/Engineering`, 'AKIA1');
    expect(identity).toMatchObject({
      arn: `arn:aws:sts::${owner}:assumed-role/Engineering/AKIA1`,
      principalArn: `arn:aws:iam::${owner}:role/team/a/Engineering`,
      type: 'AssumedRole',
    });
  });

  const open = to(root(owner), allow('kms:*'));
  test.for<[string[], object[]]>([
    [[owner], [open]],
    [[owner], [to(owner, allow(['kms:Encrypt', '*']))]],
    [[owner], [to([root(owner), user('Bob', owner)], allow('kms:*'))]],
    [
      [owner, other],
      [open, to(root(other), allow('*'))],
    ],
    [[owner], [open, to(root(other), allow('kms:Encrypt'))]],
    [[], [open, to(user('Bob', owner), deny('kms:Encrypt'))]],
    [[], [to(root(owner), allow('kms:*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }))]],
    [[], [to(root(owner), allow('kms:*', { Resource: keyArn }))]],
    [[], [to(root(owner), allow('kms:Encrypt'))]],
    [[], [{ ...to(root(owner), allow('')), Action: undefined, NotAction: 'kms:Encrypt' }]],
    [[], [to(user('Bob', owner), allow('kms:*'))]],
    [[], [to('*', allow('kms:*'))]],
  ])('the accounts %j may do everything under the key policy %j', ([accounts, statements]) => {
    expect([...readPolicy(policy(...statements), 'key').openAccounts]).toEqual(accounts);
  });

  test.for([
    [user('Bob', owner), { type: 'User', userName: 'Bob', principalArn: user('Bob', owner) }],
    [user('team/a/Bob', owner), { type: 'User', userName: 'Bob', principalArn: user('team/a/Bob', owner) }],
    [root(owner), { type: 'Account', principalArn: root(owner) }],
    [session, { type: 'AssumedRole', principalArn: role('Engineering', owner) }],
    [
      `arn:aws-cn:sts::${owner}:assumed-role/x/y`,
      { type: 'AssumedRole', principalArn: `arn:aws-cn:iam::${owner}:role/x` },
    ],
    [`arn:aws:sts::${owner}:federated-user/Bob`, { type: 'FederatedUser' }],
  ] as const)('the identity of %s has the type, the name and the ARN that policies match', ([arn, identity]) => {
    expect(parseIdentity(arn, 'session')).toMatchObject({ account: owner, ...identity });
  });

  test.for([
    `arn:aws:kms::${owner}:user/Bob`,
    `arn:aws:iam:us-east-1:${owner}:user/Bob`,
    `arn:AWS:iam::${owner}:user/Bob`,
    'arn:aws:iam::11112222333:user/Bob',
    'arn:aws:iam::1111222233334:user/Bob',
    'arn:aws:iam::aws:user/Bob',
    `arn:aws:iam::${owner}:user/`,
    `arn:aws:iam::${owner}:user/team/`,
    `arn:aws:iam::${owner}:user/a b`,
    `arn:aws:iam::${owner}:role/`,
    `arn:aws:iam::${owner}:group/Admins`,
    `arn:aws:iam::${owner}:rooted`,
    `arn:aws:iam::${owner}:the-root`,
    `arn:aws:sts::${owner}:assumed-role/app`,
    `arn:aws:sts::${owner}:assumed-role/app/one/two`,
    `arn:aws:sts::${owner}:federated-user/`,
    owner,
    'Bob',
  ])('%s does not identify a caller', (arn) => {
    expect(parseIdentity(arn, 'session')).toBeUndefined();
  });

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
  test.for([
    [user('Bob', owner), /^AIDA[A-Z2-7]{17}$/],
    [session, /^AROA[A-Z2-7]{17}:bob$/],
    [root(owner), new RegExp(`^${owner}$`)],
    [`arn:aws:sts::${owner}:federated-user/Bob`, new RegExp(`^${owner}:Bob$`)],
  ] as const)('the user id of %s has the form %s', ([arn, form]) => {
    expect(getUserId(toPrincipal(arn))).toMatch(form);
    expect(getUserId({ ...toPrincipal(arn), conditionKeys: new Map([['aws:userid', ['AIDASEED']]]) })).toBe('AIDASEED');
  });

  test('the user ids of two users, and of two roles, are different', () => {
    const ids = [user('Bob', owner), user('Eve', owner), session, session.replace('Engineering', 'Sales')];
    expect(new Set(ids.map((arn) => getUserId(toPrincipal(arn)).split(':')[0])).size).toBe(4);
  });

  test('a statement without actions or resources is ignored', () => {
    for (const missing of [{ Action: undefined }, { Resource: undefined }]) {
      const document = policy({ ...to('*', allow('*')), ...missing });
      expect(readOutcome(document, 'key', createRequest(user('Alice', owner), 'kms:Encrypt', keyArn))).toBe('nothing');
    }
  });
});

describe('condition operators', () => {
  const text = { key: ['Value'] };
  const list = { key: ['a', 'b'] };
  const numbers = { key: ['30'] };
  const dates = { key: ['2030-01-01T00:00:00Z'] };
  const arn = { key: ['arn:aws:iam::111122223333:role/team/app'] };
  const address = { key: ['203.0.113.5'] };
  const absent = {};
  test.for<[boolean, string, unknown, Values]>([
    [true, 'StringEquals', 'Value', text],
    [false, 'StringEquals', 'value', text],
    [false, 'StringEquals', 'V*', text],
    [true, 'StringEquals', ['x', 'Value'], text],
    [false, 'StringNotEquals', ['x', 'Value'], text],
    [true, 'StringNotEquals', ['x', 'y'], text],
    [true, 'StringEqualsIgnoreCase', 'vALUE', text],
    [false, 'StringNotEqualsIgnoreCase', 'vALUE', text],
    [true, 'StringLike', 'V*e', text],
    [true, 'StringLike', 'Val?e', text],
    [false, 'StringLike', 'v*', text],
    [false, 'StringNotLike', 'V*', text],
    [true, 'stringlike', 'V*', text],
    [true, 'NumericEquals', '30', numbers],
    [true, 'NumericEquals', 30, numbers],
    [false, 'NumericNotEquals', '30.0', numbers],
    [true, 'NumericLessThan', '31', numbers],
    [false, 'NumericLessThan', '30', numbers],
    [true, 'NumericLessThanEquals', '30', numbers],
    [true, 'NumericGreaterThan', '29', numbers],
    [true, 'NumericGreaterThanEquals', '30', numbers],
    [false, 'NumericEquals', '30', text],
    [false, 'NumericEquals', '31', numbers],
    [true, 'NumericNotEquals', '31', numbers],
    [false, 'NumericLessThan', '29', numbers],
    [false, 'NumericLessThanEquals', '29', numbers],
    [true, 'NumericLessThanEquals', '31', numbers],
    [false, 'NumericGreaterThan', '30', numbers],
    [false, 'NumericGreaterThan', '31', numbers],
    [false, 'NumericGreaterThanEquals', '31', numbers],
    [true, 'NumericGreaterThanEquals', '29', numbers],
    // An empty value is not the number 0.
    [false, 'NumericEquals', '0', { key: [''] }],
    [false, 'NumericLessThan', '1', { key: [' '] }],
    [true, 'DateEquals', '2030-01-01T01:00:00+01:00', dates],
    [false, 'DateEquals', '2030-01-01T00:00:01Z', dates],
    [true, 'DateEquals', '1893456000', dates],
    [true, 'DateEquals', '1893456000.0', dates],
    [false, 'DateEquals', '1893456000.5', dates],
    [false, 'DateNotEquals', '2030-01-01T00:00:00Z', dates],
    [false, 'DateLessThan', '2030-01-01T00:00:00Z', dates],
    [false, 'DateLessThanEquals', '2029-12-31T23:59:59Z', dates],
    [false, 'DateGreaterThan', '2030-01-01T00:00:00Z', dates],
    [false, 'DateGreaterThanEquals', '2030-01-01T00:00:01Z', dates],
    [true, 'DateGreaterThan', '-1', dates],
    [true, 'DateLessThan', '2031-01-01T00:00:00Z', dates],
    [false, 'DateLessThan', '2029-01-01T00:00:00Z', dates],
    [true, 'DateGreaterThan', '1577836800', dates],
    [true, 'DateLessThanEquals', '2030-01-01T00:00:00Z', dates],
    [true, 'DateGreaterThanEquals', '2030-01-01T00:00:00Z', dates],
    [true, 'DateNotEquals', '2031-01-01T00:00:00Z', dates],
    [true, 'Bool', true, { key: ['true'] }],
    [false, 'Bool', 'false', { key: ['true'] }],
    [true, 'Bool', 'TRUE', { key: ['true'] }],
    [true, 'BinaryEquals', 'dmFsdWU=', { key: ['dmFsdWU='] }],
    [false, 'BinaryEquals', 'dmFsdWU=', { key: ['DMFSDWU='] }],
    [true, 'IpAddress', '203.0.113.5/32', address],
    [false, 'IpAddress', '203.0.113.4/32', address],
    [true, 'IpAddress', '0.0.0.0/0', address],
    [false, 'IpAddress', '0.0.0.0/0', { key: ['not an address'] }],
    [false, 'IpAddress', '::/0', address],
    [true, 'IpAddress', '2001:db8::1', { key: ['2001:db8::1'] }],
    [false, 'IpAddress', '2001:db8::1', { key: ['2001:db8::2'] }],
    [true, 'NotIpAddress', '203.0.114.0/24', address],
    [true, 'IpAddress', '203.0.113.0/24', address],
    [false, 'IpAddress', '203.0.114.0/24', address],
    [true, 'IpAddress', '203.0.113.5', address],
    [true, 'IpAddress', '127.0.0.0/8', { key: ['::ffff:127.0.0.1'] }],
    [true, 'IpAddress', '2001:db8::/32', { key: ['2001:db8::1'] }],
    [false, 'NotIpAddress', '203.0.113.0/24', address],
    [true, 'ArnEquals', 'arn:aws:iam::111122223333:role/*', arn],
    [true, 'ArnLike', 'arn:*:iam::*:role/team/*', arn],
    [false, 'ArnLike', 'arn:aws:iam::*', arn],
    [false, 'ArnNotLike', 'arn:aws:iam::111122223333:role/*', arn],
    [true, 'Null', 'true', absent],
    [false, 'Null', true, text],
    [true, 'Null', false, text],
    [true, 'Null', 'true', { key: [] }],
    [false, 'Null', 'false', absent],
    [true, 'Null', 'TRUE', absent],
    [true, 'Null', ['true', 'false'], absent],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html: an
    // absent key satisfies negated operators and IfExists.
    [false, 'StringEquals', 'Value', absent],
    [true, 'StringNotEquals', 'Value', absent],
    [true, 'StringEqualsIfExists', 'Value', absent],
    [false, 'StringEqualsIfExists', 'x', text],
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    [true, 'ForAllValues:StringEquals', ['a', 'b', 'c'], list],
    [false, 'ForAllValues:StringEquals', ['a'], list],
    [true, 'ForAllValues:StringEquals', ['a'], absent],
    [true, 'ForAnyValue:StringEquals', ['b', 'x'], list],
    [false, 'ForAnyValue:StringEquals', ['x'], list],
    [false, 'ForAnyValue:StringEquals', ['a'], absent],
    [true, 'ForAnyValue:StringEqualsIfExists', ['a'], absent],
    [true, 'ForAnyValue:StringNotEquals', ['a'], list],
    [false, 'ForAnyValue:StringNotEquals', ['a'], absent],
    [false, 'ForAnyValue:StringNotEquals', ['a', 'b'], list],
    [true, 'ForAllValues:StringNotEquals', ['a'], absent],
    [true, 'ForAllValues:StringNotEquals', ['x'], list],
    [false, 'StringNotEquals', ['a'], list],
    [true, 'StringEquals', ['b'], list],
    [true, 'forallvalues:stringequals', ['a', 'b'], list],
    [false, 'foranyvalue:stringequals', ['x'], list],
    [false, 'ForAllValues:StringEqualsIfExists', ['a'], list],
    [false, 'ForAllValues:StringNotEquals', ['a'], list],
    [true, 'ForAnyValue:StringLike', 'a*', list],
  ])(
    'the condition result is %s for the operator %s, the policy value %j and the request values %j',
    ([isMet, operator, value, values]) => {
      const document = policy(allow('*', { Condition: { [operator]: { Key: value } } }));
      const request = createRequest(user('Alice', owner), 'kms:Encrypt', keyArn, values);
      expect(readOutcome(document, 'identity', request)).toBe(isMet ? 'allow' : 'nothing');
    },
  );

  test.for([
    ['NumericEquals', 'thirty'],
    ['NumericEquals', ''],
    ['NumericLessThan', ' '],
    ['DateEquals', 'tomorrow'],
    ['DateLessThan', ''],
    ['Bool', 'trueish'],
    ['Bool', 'untrue'],
    ['Bool', '1'],
    ['Null', 'trueish'],
    ['Null', 'maybe'],
    ['IpAddress', '203.0.113'],
    ['IpAddress', '203.0.113.0/33'],
    ['IpAddress', '203.0.113.0/'],
    ['IpAddress', '203.0.113.0/x'],
    ['IpAddress', '203.0.113.0/8/8'],
    ['IpAddress', '203.0.113.0/0024'],
    ['NotIpAddress', '2001:db8::/129'],
    ['StringEquals', []],
    ['StringEquals', [{}]],
    ['StringEquals', null],
  ])('a policy with the operator %s and the value %j is invalid', ([operator, value]) => {
    const read = (given: unknown) =>
      readPolicy(policy(allow('*', { Condition: { [String(operator)]: { key: given } } })), 'identity');
    expect(() => read(value)).toThrow(PolicyError);
    // The value of a variable is known only later.
    expect(() => read(`$\{aws:username}`)).not.toThrow();
  });

  test('a condition block requires every condition key to match at least one of its values', () => {
    const Condition = { StringEquals: { a: ['1', '2'], b: '3' }, Bool: { c: 'true' } };
    const met = { a: ['2'], b: ['3'], c: ['true'] };
    for (const values of [met, { ...met, b: ['4'] }, { ...met, a: ['3'] }, { ...met, c: ['false'] }]) {
      const request = createRequest(user('Alice', owner), 'kms:Encrypt', keyArn, values);
      const outcome = readOutcome(policy(allow('*', { Condition })), 'identity', request);
      expect(outcome).toBe(values === met ? 'allow' : 'nothing');
    }
  });
});

describe('policy variables', () => {
  const values = { 'aws:username': ['bob'], 'aws:principaltag/team': ['a*'], list: ['x', 'y'], key: ['bob'] };
  const on = (operator: string, value: string, key = 'key', more: Values = {}) => {
    const request = createRequest(user('bob', owner), 'kms:Encrypt', keyArn, { ...values, ...more });
    return readOutcome(policy(allow('*', { Condition: { [operator]: { [key]: value } } })), 'identity', request);
  };
  test.for([
    ['allow', 'StringEquals', '$' + '{aws:username}'],
    ['nothing', 'StringEquals', '$' + '{aws:userid}'],
    ['allow', 'StringEquals', '$' + "{aws:userid, 'bob'}"],
    ['nothing', 'StringEquals', '$' + '{list}'],
  ] as const)('the policy outcome is "%s" for the operator %s and the value %s', ([outcome, operator, value]) =>
    expect(on(operator, value)).toBe(outcome),
  );

  test.for(["{aws:userid,'bob'}", "{aws:userid  ,  'bob'}", "{aws:userid, 'bob'  }", "{ aws:userid , 'bob' }"])(
    'a policy variable without a value has the default value in $%s',
    (text) => {
      expect(on('StringEquals', `$${text}`)).toBe('allow');
      expect(on('StringEquals', `$${text}`, 'key', { 'aws:userid': ['eve'], key: ['eve'] })).toBe('allow');
    },
  );

  test('policy variables match escaped wildcards, and wildcards in their values, literally', () => {
    const tag = '$' + '{aws:PrincipalTag/team}';
    expect(on('StringLike', `${tag}-*`, 'key', { key: ['a*-key'] })).toBe('allow');
    expect(on('StringLike', `${tag}-*`, 'key', { key: ['ab-key'] })).toBe('nothing');
    expect(on('StringLike', '$' + '{*}', 'key', { key: ['anything'] })).toBe('nothing');
    expect(on('StringLike', '$' + '{*}', 'key', { key: ['*'] })).toBe('allow');
  });

  test('policy variables are replaced in resources, but only in policies with version 2012-10-17', () => {
    const statement = allow('*', { Resource: 'arn:aws:kms:*:*:alias/$' + '{aws:username}-*' });
    const request = createRequest(
      user('bob', owner),
      'kms:CreateAlias',
      `arn:aws:kms:us-west-2:${owner}:alias/bob-1`,
      values,
    );
    expect(readOutcome(policy(statement), 'identity', request)).toBe('allow');
    expect(readOutcome({ Version: '2008-10-17', Statement: [statement] }, 'identity', request)).toBe('nothing');
  });
});

describe('an unknown condition key', () => {
  const unknown = { key: null, known: ['1'] };
  const on = (statement: object) =>
    evaluate(
      readPolicy(policy(statement), 'identity'),
      createRequest(user('Alice', owner), 'kms:Encrypt', keyArn, unknown),
    );
  const Condition = { StringNotEquals: { key: 'x' } };
  test('an unknown condition key prevents an Allow statement from applying', () =>
    expect(on(allow('*', { Condition }))).toMatchObject({ denies: false, unknownKeys: ['key'] }));
  test('an unknown condition key makes a Deny statement apply', () =>
    expect(on(deny('*', { Condition }))).toMatchObject({ denies: true, unknownKeys: ['key'] }));
  test('an unknown condition key has no effect unless the rest of the statement applies', () => {
    const other = { ...Condition, StringEquals: { known: '2' } };
    expect(on(deny('*', { Condition: other }))).toMatchObject({ denies: false, unknownKeys: [] });
    expect(on(deny('kms:Decrypt', { Condition }))).toMatchObject({ denies: false, unknownKeys: [] });
  });
});

describe('readPolicy', () => {
  const good = to('*', allow('kms:*'));
  const condition = (Condition: unknown) => policy({ ...good, Condition });
  test.for<[string, RegExp, PolicyKind, string | object]>([
    ['text that is not JSON', /invalid JSON/, 'key', '{'],
    ['a list', /JSON object/, 'key', []],
    ['a policy without statements', /no statement|not valid/, 'key', {}],
    ['an unknown version', /version/, 'key', { Version: '2020-01-01', Statement: good }],
    ['an unknown element', /unknown element Owner/, 'key', { ...policy(good), Owner: 'x' }],
    ['statements in lower case', /unknown element statement/, 'key', { ...policy(good), statement: [] }],
    ['a misspelled condition', /unknown element Conditon/, 'key', policy({ ...good, Conditon: {} })],
    ['a condition in lower case', /unknown element condition/, 'identity', policy({ ...allow('*'), condition: {} })],
    ['an unknown effect', /Effect/, 'key', policy({ ...good, Effect: 'allow' })],
    ['an action that is not a string', /Action/, 'key', policy({ ...good, Action: 1 })],
    ['both Action and NotAction', /both/, 'key', policy({ ...good, NotAction: 'kms:Encrypt' })],
    ['a key policy without a principal', /no principal/, 'key', policy(allow('*'))],
    ['a principal that is not an ARN', /principals/, 'key', policy({ ...good, Principal: 'Alice' })],
    [
      'a principal with an incomplete ARN',
      /principals/,
      'key',
      policy(to('arn:aws:iam::111122223333:user/*x y', allow('*'))),
    ],
    ['a group as the principal', /principals/, 'key', policy(to('arn:aws:iam::111122223333:group/x', allow('*')))],
    ['a principal of another type', /principals/, 'key', policy({ ...good, Principal: { Azure: 'x' } })],
    ['NotPrincipal with Allow', /NotPrincipal/, 'key', policy({ ...allow('*'), NotPrincipal: { AWS: owner } })],
    ['an unknown condition operator', /operator StringMatches/, 'key', condition({ StringMatches: { a: 'b' } })],
    ['a Null operator with ForAnyValue', /operator/, 'key', condition({ 'ForAnyValue:Null': { a: 'true' } })],
    ['an invalid number', /value/, 'key', condition({ NumericEquals: { a: 'b' } })],
    ['an invalid IP range', /value/, 'key', condition({ IpAddress: { 'aws:SourceIp': '10.0.0.0/40' } })],
    ['an invalid date', /value/, 'key', condition({ DateLessThan: { 'aws:CurrentTime': 'tomorrow' } })],
    ['a condition without values', /values/, 'key', condition({ StringEquals: { a: [] } })],
    ['an identity-based policy with a principal', /must not contain Principal/, 'identity', policy(good)],
    ['an identity-based policy without a resource', /Resource/, 'identity', policy({ Effect: 'Allow', Action: '*' })],
  ])('readPolicy rejects %s', ([, message, kind, document]) => {
    expect(() => readPolicy(document, kind)).toThrow(PolicyError);
    expect(() => readPolicy(document, kind)).toThrow(message);
  });
});
