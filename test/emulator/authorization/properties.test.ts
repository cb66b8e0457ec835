import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthorizationTarget } from '../../../emulator/authorization/authorization-target.ts';
import { decide } from '../../../emulator/authorization/decide.ts';
import type { AuthorizationRequest } from '../../../emulator/authorization/evaluate.ts';
import { type Principal, parseIdentity } from '../../../emulator/authorization/principal.ts';
import { readPolicy } from '../../../emulator/policy-language/policy-document.ts';
import { openStore, type Store } from '../../../emulator/store/store.ts';
import { awsOperations } from '../../../functions/all-operations.ts';
import { account, allow, deny, policy, role, root, to, user } from '../../support/access.ts';
import { isSoak } from '../../support/soak.ts';

const foreign = '111122223333';
const arns = [user('a'), user('b'), role('r'), root(), user('a', foreign), root(foreign)] as const;
const resource = `arn:aws:kms:us-east-1:${account}:key/k`;
const actions = ['kms:Encrypt', 'kms:Decrypt', 'kms:PutKeyPolicy'] as const;

const condition = fc.constantFrom(
  {},
  { Condition: { StringEquals: { present: 'yes' } } },
  { Condition: { StringNotEquals: { present: 'yes' } } },
  { Condition: { StringEquals: { unknown: 'x' } } },
  { Condition: { StringNotEquals: { unknown: 'x' } } },
  { Condition: { Bool: { absent: 'true' } } },
);
const body = fc.record({
  effect: fc.constantFrom(allow, allow, allow, allow, deny),
  action: fc.constantFrom(...actions, 'kms:*', '*'),
  resource: fc.constantFrom('*', resource, 'arn:aws:kms:*:*:alias/*'),
  condition,
});
const identityStatement = body.map(({ effect, action, resource: Resource, condition: more }) =>
  effect(action, { Resource, ...more }),
);
const keyStatement = fc
  .tuple(fc.constantFrom(...arns, '*'), identityStatement)
  .map(([AWS, statement]) => to(AWS, { ...statement, Resource: '*' }));

const situation = fc.record({
  arn: fc.constantFrom(...arns),
  action: fc.constantFrom(...actions),
  ofKey: fc.array(keyStatement, { minLength: 1, maxLength: 5 }),
  ofIdentity: fc.array(identityStatement, { minLength: 1, maxLength: 4 }),
  ofBoundary: fc.option(fc.array(identityStatement, { minLength: 1, maxLength: 3 }), { nil: undefined }),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const values: Record<string, readonly string[] | null> = { present: ['yes'], unknown: null };

function isAllowed(store: Store, { arn, action, ofKey, ofIdentity, ofBoundary }: Situation): boolean {
  const identity = parseIdentity(arn, 'session');
  if (identity === undefined) throw new Error(arn);
  const isRoot = identity.type === 'Account';
  const principal: Principal = {
    ...identity,
    policies: isRoot ? undefined : [readPolicy(policy(...ofIdentity), 'identity')],
    boundary: isRoot || ofBoundary === undefined ? undefined : readPolicy(policy(...ofBoundary), 'identity'),
    tags: {},
    conditionKeys: new Map(),
  };
  const request: AuthorizationRequest = { principal, action, resource, readConditionKey: (key) => values[key] };
  const operation = awsOperations.find(({ name }) => action === `kms:${name}`);
  if (operation === undefined) throw new Error(action);
  const facts = { operation: operation.name, crossAccount: operation.crossAccount };
  const target: AuthorizationTarget = { ...facts, action, resource, region: 'us-east-1', account, input: {} };
  return decide(store, request, target, readPolicy(policy(...ofKey), 'key')).denial === undefined;
}

const numRuns = isSoak ? 20_000 : 600;

test('an explicit deny always takes precedence, and an additional Allow statement never leads to a denial', () => {
  const store = openStore(undefined);
  let allowed = 0;
  fc.assert(
    fc.property(situation, keyStatement, identityStatement, (given, key, identity) => {
      const before = isAllowed(store, given);
      const add = { ...given, ofKey: [...given.ofKey, { ...key, Effect: 'Allow' }] };
      const addToIdentity = { ...given, ofIdentity: [...given.ofIdentity, { ...identity, Effect: 'Allow' }] };
      if (before) allowed += 1;
      if (before) expect([isAllowed(store, add), isAllowed(store, addToIdentity)]).toEqual([true, true]);
      const denied = [
        { ...given, ofKey: [...given.ofKey, to('*', deny('*'))] },
        { ...given, ofKey: [to(given.arn, deny(given.action)), ...given.ofKey] },
        ...(given.arn.endsWith(':root') ? [] : [{ ...given, ofIdentity: [...given.ofIdentity, deny('kms:*')] }]),
      ];
      expect(denied.map((each) => isAllowed(store, each))).toEqual(denied.map(() => false));
    }),
    { numRuns },
  );
  store.close();
  expect(allowed).toBeGreaterThan(numRuns / 20);
});
