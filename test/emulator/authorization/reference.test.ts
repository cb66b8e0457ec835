import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../emulator/store/store.ts';
import { role, root, user } from '../../support/access.ts';
import { isSoak } from '../../support/operations.ts';
import { decideSituation, type RawStatement, type Situation } from '../../support/policy-situations.ts';
import { isAllowedByReference } from '../../support/reference-evaluator.ts';

const [owner, other] = ['111122223333', '444455556666'];
const store = openStore(undefined);
afterAll(() => store.close());

const session = (name: string, account: string) => `arn:aws:sts::${account}:assumed-role/app/${name}`;
const callers = [owner, other].flatMap((account) => [
  user('alice', account),
  user('bob', account),
  session('one', account),
  session('two', account),
  root(account),
]);
const names = [...callers, role('app', owner), role('app', other), owner, other];
const resource = `arn:aws:kms:us-east-1:${owner}:key/11111111-1111-4111-8111-111111111111`;
const actions = ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:PutKeyPolicy', 'kms:CreateGrant'] as const;
const variable = (text: string) => `$\{${text}}`;

const single = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const oneOrMore = <T>(value: fc.Arbitrary<T>) => fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));
const often = <T>(value: T, weight: number, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: rare });

const actionPattern = single(...actions, 'kms:*', '*', 'kms:*crypt', 'KMS:encrypt', 'kms:?ncrypt', 'kms:D*', 's3:*');
const resourcePattern = single(
  '*',
  '*',
  resource,
  `arn:aws:kms:*:${owner}:key/*`,
  'arn:aws:kms:*:*:alias/*',
  `arn:aws:kms:us-east-?:${variable('aws:principalaccount')}:key/*`,
  `*/${variable("missing, '11111111'")}*`,
);
const texts = [
  'a',
  'A',
  'ab',
  'b',
  'a*',
  '*',
  '?',
  'a?',
  variable('text'),
  variable('list'),
  variable('*'),
  variable("none, 'ab'"),
];
const numbers = ['1', '2', '10', '2.0'];
const dates = ['2026-01-01T00:00:00Z', '2027-06-01T00:00:00Z', '1798761600'];
const booleans = ['true', 'false'];
const ranges = ['10.0.0.0/8', '10.1.2.3', '192.168.0.0/16', '10.1.2.0/30'];
const arns = [role('app', owner), 'arn:aws:iam::*:role/*', 'arn:*:iam::111122223333:*', 'arn:aws:iam:*', '*'];
const operatorValues: readonly [operator: string, values: readonly string[]][] = [
  ['StringEquals', texts],
  ['StringNotEquals', texts],
  ['StringEqualsIgnoreCase', texts],
  ['StringNotEqualsIgnoreCase', texts],
  ['StringLike', texts],
  ['StringNotLike', texts],
  ['NumericEquals', numbers],
  ['NumericNotEquals', numbers],
  ['NumericLessThan', numbers],
  ['NumericGreaterThanEquals', numbers],
  ['DateLessThan', dates],
  ['DateGreaterThanEquals', dates],
  ['Bool', booleans],
  ['IpAddress', ranges],
  ['NotIpAddress', ranges],
  ['ArnLike', arns],
  ['ArnNotLike', arns],
  ['ArnEquals', arns],
];
const keyValues: readonly [key: string, values: readonly string[]][] = [
  ['text', texts],
  ['list', texts],
  ['number', numbers],
  ['date', dates],
  ['bool', booleans],
  ['ip', ranges],
  ['arn', arns],
];
/** Lists the condition keys for an operator's values, and one that no request has. */
const listKeys = (values: readonly string[]) => [
  ...keyValues.filter(([, list]) => list === values).map(([key]) => key),
  'none',
];
const condition = fc.oneof(
  fc
    .tuple(single(...operatorValues), single('', '', '', 'ForAllValues:', 'ForAnyValue:'), single('', '', 'IfExists'))
    .chain(([[operator, values], quantifier, suffix]) =>
      fc
        .tuple(single(...listKeys(values)), oneOrMore(single(...values)))
        .map(([key, wanted]) => ({ [`${quantifier}${operator}${suffix}`]: { [key]: wanted } })),
    ),
  fc
    .tuple(single('text', 'list', 'none', 'empty'), single('true', 'false'))
    .map(([key, text]) => ({ Null: { [key]: text } })),
);
const conditions = often<object | undefined>(
  undefined,
  2,
  fc.array(condition, { minLength: 1, maxLength: 2 }).map((all) => Object.assign({}, ...all) as object),
);

const statement = fc
  .record({
    Effect: single('Allow', 'Allow', 'Allow', 'Deny'),
    actionElement: often('Action', 5, single('NotAction')),
    actionValue: oneOrMore(actionPattern),
    resourceElement: often('Resource', 6, single('NotResource')),
    resourceValue: often<string | string[]>('*', 2, oneOrMore(resourcePattern)),
    Condition: conditions,
  })
  .map(
    ({ Effect, actionElement, actionValue, resourceElement, resourceValue, Condition }): RawStatement => ({
      Effect,
      [actionElement]: actionValue,
      [resourceElement]: resourceValue,
      ...(Condition && { Condition }),
    }),
  );
const keyStatement = fc
  .tuple(statement, often<unknown>('*', 1, oneOrMore(single(...names))), fc.integer({ min: 0, max: 4 }))
  .map(([{ Resource: _, NotResource: __, ...rest }, principals, kind]): RawStatement => {
    const isNegated = kind === 0 && rest.Effect === 'Deny';
    const AWS = principals === '*' ? ['*'] : principals;
    return { ...rest, Resource: '*', [isNegated ? 'NotPrincipal' : 'Principal']: { AWS } };
  });
const control = statement.map(
  ({ Resource, NotResource: _, NotAction, Action, ...rest }): RawStatement => ({
    ...rest,
    Effect: 'Deny',
    Principal: '*',
    Action: Action ?? NotAction,
    Resource: Resource ?? '*',
  }),
);
const everything: RawStatement = { Effect: 'Allow', Action: '*', Resource: '*' };
const some = (item: fc.Arbitrary<RawStatement>, maxLength: number) => fc.array(item, { minLength: 1, maxLength });
const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 2, nil: undefined });
const maybe = fc.boolean();
const limits = fc.tuple(some(statement, 3), maybe).map(([list, isOpen]) => (isOpen ? [everything, ...list] : list));

const situation: fc.Arbitrary<Situation> = fc.record({
  caller: single(...callers),
  action: single(...actions),
  resource: fc.constant(resource),
  key: fc
    .tuple(some(keyStatement, 4), maybe)
    .map(([list, isOpen]) => (isOpen ? [{ ...everything, Principal: { AWS: [owner, other] } }, ...list] : list)),
  identity: some(statement, 3),
  boundary: rarely(limits),
  session: rarely(limits),
  serviceControl: rarely(fc.array(limits, { minLength: 1, maxLength: 2 })),
  resourceControl: rarely(some(control, 2)),
  values: fc
    .record(
      {
        text: single(['a'], ['ab'], ['B'], ['*']),
        list: single(['a', 'b'], ['a'], ['x'], ['a', 'A', 'ab']),
        empty: fc.constant([] as string[]),
        number: single(['1'], ['2'], ['11'], ['1', '10']),
        date: single(['2026-06-01T00:00:00Z'], ['2028-01-01T00:00:00Z']),
        bool: single(['true'], ['false']),
        ip: single(['10.1.2.3'], ['192.168.7.7'], ['8.8.8.8']),
        arn: single([role('app', owner)], [user('alice', other)]),
      },
      { requiredKeys: [] },
    )
    .map((values) => ({ ...values, 'aws:principalaccount': [owner] }) as Situation['values']),
  version: often<string | undefined>(undefined, 5, single('2008-10-17')),
});

/** The long run is part of the soak tests. */
const numRuns = isSoak ? 20_000 : 1_000;

test(`the emulator decides ${numRuns} generated requests as an independent evaluator does`, () => {
  const counts = { allowed: 0, denied: 0 };
  fc.assert(
    fc.property(situation, (given) => {
      const verdict = decideSituation(store, given);
      expect(verdict === 'allowed', verdict).toBe(isAllowedByReference(given));
      counts[verdict === 'allowed' ? 'allowed' : 'denied'] += 1;
    }),
    { numRuns, ...(isSoak ? {} : { seed: 20261126 }) },
  );
  expect(counts.allowed).toBeGreaterThan(numRuns / 20);
  expect(counts.denied).toBeGreaterThan(numRuns / 20);
});
