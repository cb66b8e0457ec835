import { describe, expect, test } from 'vitest';
import { resolveDeployment, selectCallerOperations } from '../../infra/deployment/deployment.ts';
import { buildCallersRoles } from '../../infra/roles/callers-roles.ts';
import { buildServiceParts } from '../../infra/service.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { operations } from '../support/operations.ts';
import { decide, listStatements } from '../support/policy.ts';
import { filterByType, type Resource, resolveReferences } from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
const longStage = { name: 'a-stage-of-14-', place: { account: '111111111111', region: 'us-isof-south-1' } };

describe('the roles for callers in other accounts', () => {
  const parameters = {
    operations: 'keys,crypto,policies,rotation,aliases,grants',
    callerAccounts: '222222222222,333333333333',
    callerOperations: 'DescribeKey,Encrypt,CreateAlias,ListGrants',
  };
  const build = (more: Readonly<Record<string, string>> = {}) =>
    new Map(Object.entries(buildCallersRoles(deployment({ ...parameters, ...more }))) as [string, Resource][]);
  const resources = build();
  const called = ['DescribeKey', 'Encrypt', 'CreateAlias', 'ListGrants'];
  const groups = ['keys', 'crypto', 'policies', 'rotation', 'aliases', 'grants'];
  const deployed = operations.filter(({ group }) => groups.includes(group));
  const readStatements = (from: ReadonlyMap<string, Resource>) =>
    resolveReferences(
      filterByType(from, 'AWS::IAM::ManagedPolicy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
      place,
    );

  test('the roles for callers in other accounts have a fixed name for each account, and only that account can assume them', () => {
    const roles = filterByType(resources, 'AWS::IAM::Role').map(({ Properties }) =>
      resolveReferences(Properties, place),
    );
    expect(roles.map(({ RoleName }) => RoleName)).toEqual([
      'kms-functions-dev-from-222222222222-us-east-1',
      'kms-functions-dev-from-333333333333-us-east-1',
    ]);
    // The shortest maximum that IAM accepts
    // (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
    expect(roles.map(({ MaxSessionDuration }) => MaxSessionDuration)).toEqual([3_600, 3_600]);
    expect(roles.map(({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument.Statement)).toEqual(
      ['222222222222', '333333333333'].map((account) => [
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        },
      ]),
    );
  });

  test('the roles for callers in other accounts have every policy', () => {
    for (const { Properties } of filterByType(resources, 'AWS::IAM::ManagedPolicy')) {
      expect(Properties.Roles).toEqual([{ Ref: 'CallersRole222222222222' }, { Ref: 'CallersRole333333333333' }]);
    }
  });

  const routes = deployed.flatMap((operation) => operation.routes.map((route) => ({ operation, route })));
  test.for(routes.map(({ operation, route }) => ({ name: `${route.method} ${route.path}`, operation, route })))(
    'a role for another account allows a route only for operations in callerOperations: $name',
    ({ operation, route }) => {
      const statements = readStatements(resources);
      for (const key of ['alias.app', 'policy', '1234abcd-12ab-34cd-56ef-1234567890ab']) {
        const path = route.path.replaceAll(/\{\w+\}/g, key);
        const resource = `arn:aws:execute-api:us-east-1:111111111111:abcdefghij/$default/${route.method}${path}`;
        const decision = decide(statements, { action: 'execute-api:Invoke', resource });
        expect(decision === 'allowed', path).toBe(called.includes(operation.name));
      }
    },
  );

  test('the roles for callers in other accounts allow only the functions for operations in callerOperations', () => {
    const invoke = readStatements(resources).filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(invoke).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: deployed
          .filter(({ name }) => called.includes(name))
          .map(
            ({ name }: Operation) =>
              `arn:aws:lambda:us-east-1:111111111111:function:kms-functions-dev-${name.charAt(0).toLowerCase()}${name.slice(1)}`,
          ),
      },
    ]);
  });

  test('the roles for callers in other accounts do not allow direct invocation in a deployment with tenants', () => {
    const statements = readStatements(build({ tenantField: 'role' }));
    expect(statements.length).toBeGreaterThan(0);
    expect(new Set(statements.map(({ Action }) => Action))).toEqual(new Set(['execute-api:Invoke']));
  });

  /** IAM does not count whitespace (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
  test('the roles for callers in other accounts stay within the IAM size limits for any accounts and any choice of operations', () => {
    const accounts = Array.from({ length: 50 }, (_, index) => String(222_222_222_222 + index)).join();
    const given = { operations: 'all', regions: 'eu-west-1', callerAccounts: accounts };
    const allExcept = (name: string) => operations.filter((other) => other.name !== name).map((other) => other.name);
    for (const choice of ['all', ...operations.map(({ name }) => allExcept(name).join())]) {
      const longNamed = resolveDeployment(longStage.name, { ...given, callerOperations: choice });
      expect(selectCallerOperations(longNamed).length).toBeGreaterThan(50);
      const built = new Map(Object.entries(buildCallersRoles(longNamed)) as [string, Resource][]);
      const policies = filterByType(built, 'AWS::IAM::ManagedPolicy');
      expect(policies.length).toBeLessThanOrEqual(10);
      for (const { Properties } of policies) {
        const document = JSON.stringify(resolveReferences(Properties.PolicyDocument, longStage.place));
        expect(document.replaceAll(':aws:', ':aws-us-gov:').length).toBeLessThanOrEqual(6_144);
      }
      if (choice !== 'all') continue;
      for (const { Properties } of filterByType(built, 'AWS::IAM::Role')) {
        const { RoleName, AssumeRolePolicyDocument } = resolveReferences(Properties, longStage.place);
        expect(RoleName.length).toBeLessThanOrEqual(64);
        expect(JSON.stringify(AssumeRolePolicyDocument).length).toBeLessThanOrEqual(2_048);
      }
    }
  });
});

describe('a deployment with tenants and roles for other accounts', () => {
  const given = { ...everyOperation, callerAccounts: '222222222222', tenantField: 'role' };
  const { Resources } = buildServiceParts(deployment(given)).resources;
  const resources = new Map(Object.entries(Resources) as [string, Resource][]);

  test('a deployment with tenants has a tenant tag that TagResource and UntagResource cannot change', () => {
    for (const name of ['TagResource', 'UntagResource']) {
      const statements = resolveReferences(listStatements(resources.get(`${name}Role`)), place);
      const on = (tagKeys: readonly string[]) =>
        decide(statements, {
          action: `kms:${name}`,
          resource: 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab',
          context: {
            'aws:ResourceTag/kms-functions:service': 'kms-functions-dev',
            'aws:TagKeys': tagKeys,
          },
        });
      expect(on(['team'])).toBe('allowed');
      for (const key of ['tenant', 'Tenant', 'kms-functions:service']) expect(on(['team', key]), key).toBe('denied');
    }
  });
});
