import { describe, expect, test } from 'vitest';
import { resolveDeployment, selectCallerOperations } from '../../infra/deployment/deployment.ts';
import { buildCallersRoles } from '../../infra/roles/callers-roles.ts';
import { buildServiceParts } from '../../infra/service.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { allOperations, isSoak, operations } from '../support/operations.ts';
import { decide, listStatements } from '../support/policy.ts';
import { run } from '../support/process.ts';
import {
  filterByType,
  type Packaged,
  type Resource,
  resolveReferences,
  templatePath,
  usePackaged,
} from '../support/template.ts';

const place = { account: '111111111111', region: 'us-east-1' };
/** CloudFormation accepts 500 resources per stack. The rest is reserved for further operations. */
const maxResources = 400;

describe('a template with every operation and every option', () => {
  const packaged = usePackaged(everything);

  test('a template with every operation and every option fits into a single stack', () => {
    expect(packaged.resources.size).toBeLessThanOrEqual(maxResources);
  });

  test('the template tags every resource that accepts tags', () => {
    const without =
      /^AWS::(ApiGatewayV2::(Route|Integration|ApiMapping|Authorizer)|Lambda::(Permission|Alias|EventInvokeConfig)|Logs::(Metric|Subscription)Filter|S3::BucketPolicy|CloudWatch::Dashboard|IAM::ManagedPolicy)$/;
    for (const [id, { Type, Properties }] of packaged.resources) {
      if (without.test(Type)) continue;
      const tags = Array.isArray(Properties.Tags)
        ? Object.fromEntries(Properties.Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]))
        : Properties.Tags;
      expect(tags, id).toEqual({ service: 'kms-functions', stage: 'dev' });
    }
  });

  test('the template contains no keys or aliases, so that the removal of the stack does not delete them', () => {
    const types = new Set([...packaged.resources.values()].map(({ Type }) => Type));
    expect([...types].filter((type) => type.startsWith('AWS::KMS::'))).toEqual([]);
    expect([...types].filter((type) => /Custom::|AWS::CloudFormation::/.test(type))).toEqual([]);
  });

  test('the template has an authorizer on every route', () => {
    for (const { Properties } of filterByType(packaged.resources, 'AWS::ApiGatewayV2::Route')) {
      expect(Properties.AuthorizationType).toBe('JWT');
    }
  });

  test('the template lets only API Gateway invoke the gateway aliases, and lets it invoke nothing else', () => {
    const permissions = filterByType(packaged.resources, 'AWS::Lambda::Permission');
    expect(permissions.map(({ Properties }) => Properties.Principal)).not.toContain('apigateway.amazonaws.com');
    const role = packaged.resources.get('GatewayIntegrationRole');
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    const [statement, ...others] = listStatements(role);
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'lambda:InvokeFunction' });
    const aliases = [...packaged.resources].filter(([, { Type }]) => Type === 'AWS::Lambda::Alias');
    expect(aliases.map(([, { Properties }]) => Properties.Name)).toEqual(aliases.map(() => 'gateway'));
    expect(statement?.Resource).toEqual(aliases.map(([id]) => ({ Ref: id })));
  });

  test('the template outputs the URL of the custom domain instead of the default URL, which is turned off', () => {
    expect(packaged.outputs).not.toHaveProperty('HttpApiUrl');
    expect(packaged.outputs.ApiUrl).toMatchObject({ Value: `https://${everything.domainName}` });
    expect(packaged.resources.get('HttpApi')?.Properties.DisableExecuteApiEndpoint).toBe(true);
  });

  test('the template has an output for the ARN of each role and for the prefix of function ARNs, and stays within the limit', () => {
    for (const operation of allOperations) {
      expect(packaged.outputs[`${operation.name}RoleArn`]).toMatchObject({
        Value: { 'Fn::GetAtt': [`${operation.name}Role`, 'Arn'] },
      });
    }
    const { Value } = packaged.outputs.FunctionArnPrefix as { Value: object };
    expect(resolveReferences({ Value }, place).Value).toBe(
      'arn:aws:lambda:us-east-1:111111111111:function:kms-functions-dev-',
    );
    expect(Object.keys(packaged.outputs).length).toBeLessThan(150);
  });

  test('the template has integrations that invoke the alias with the API Gateway role', () => {
    const integrations = filterByType(packaged.resources, 'AWS::ApiGatewayV2::Integration');
    expect(integrations.length).toBeGreaterThan(50);
    for (const { Properties, DependsOn } of integrations) {
      const [separator, [arn, alias]] = Properties.IntegrationUri['Fn::Join'];
      expect([separator, alias]).toEqual([':', 'gateway']);
      expect(packaged.resources.get(arn['Fn::GetAtt'][0])?.Type).toBe('AWS::Lambda::Function');
      expect(packaged.resources.get(String(DependsOn))?.Type).toBe('AWS::Lambda::Alias');
      expect(Properties.CredentialsArn).toEqual({ 'Fn::GetAtt': ['GatewayIntegrationRole', 'Arn'] });
    }
  });

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  test('the template keeps the policy of the integration role within the IAM limit for the longest names', () => {
    const arns = filterByType(packaged.resources, 'AWS::Lambda::Function').map(
      ({ Properties }) =>
        `arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:${Properties.FunctionName.replace('-dev-', `-${'s'.repeat(14)}-`)}:gateway`,
    );
    // Room remains for twenty more operations.
    const more = arns.toSorted((a, b) => b.length - a.length).slice(0, 20);
    expect(JSON.stringify([...arns, ...more]).length).toBeLessThan(10_000);
  });

  test('the template has no wildcards in policy actions', () => {
    const policies = [
      ...filterByType(packaged.resources, 'AWS::IAM::Role'),
      ...filterByType(packaged.resources, 'AWS::IAM::ManagedPolicy'),
    ];
    const documents = policies.flatMap(({ Properties }) => [
      Properties.AssumeRolePolicyDocument,
      Properties.PolicyDocument,
      ...(Properties.Policies ?? []).map(({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument),
    ]);
    for (const { Statement } of documents.filter((document) => document !== undefined)) {
      for (const { Action } of Statement)
        for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
    }
  });

  test('the template enables logs and metrics for every route, and throttles each route at the share of the KMS request quota or below', () => {
    const stage = packaged.resources.get('HttpApiStage');
    const { AccessLogSettings, DefaultRouteSettings, RouteSettings } = stage?.Properties ?? {};
    expect(AccessLogSettings.DestinationArn).toEqual({ 'Fn::GetAtt': ['AccessLogGroup', 'Arn'] });
    expect(DefaultRouteSettings).toEqual({
      DetailedMetricsEnabled: true,
      ThrottlingRateLimit: 500,
      ThrottlingBurstLimit: 1000,
    });
    // A quarter of 15 requests per second.
    expect(RouteSettings['PUT /keys/{KeyId}/material']).toEqual({
      DetailedMetricsEnabled: true,
      ThrottlingRateLimit: 3,
      ThrottlingBurstLimit: 3,
    });
    expect(RouteSettings['POST /keys/{KeyId}/encrypt']).toBeUndefined();
    const routes = [...packaged.resources].filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Route');
    const keys = routes.map(([, { Properties }]) => Properties.RouteKey);
    for (const key of Object.keys(RouteSettings)) expect(keys).toContain(key);
    expect([stage?.DependsOn ?? []].flat().toSorted()).toEqual(routes.map(([id]) => id).toSorted());
  });

  test('the template notifies the alarm topic when an alarm starts and when it ends', () => {
    const alarms = filterByType(packaged.resources, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(11);
    for (const { Properties } of alarms) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([
        [everything.alarmTopicArn],
        [everything.alarmTopicArn],
      ]);
    }
  });

  test.skipIf(!isSoak)(
    'a template with every operation and every option passes cfn-lint',
    { timeout: 200_000 },
    ({ skip }) => expectNoLint(packaged, skip),
  );
});

test('by default, the template does not let other accounts assume a role', () => {
  const { Resources } = buildServiceParts(deployment({})).resources;
  const roles = filterByType(new Map(Object.entries(Resources) as [string, Resource][]), 'AWS::IAM::Role');
  expect(roles.length).toBeGreaterThan(20);
  for (const { Properties } of roles) {
    expect(JSON.stringify(Properties.AssumeRolePolicyDocument)).not.toContain('"AWS"');
  }
});

describe.skipIf(!isSoak)('a template with default parameters', () => {
  const packaged = usePackaged({});

  test('a template with default parameters passes cfn-lint', { timeout: 200_000 }, ({ skip }) =>
    expectNoLint(packaged, skip),
  );
});

/**
 * Expects no cfn-lint findings in any Region except W3005, which osls causes, W3037 for two new actions, and E3006 for two
 * Regions that cfn-lint lists without HTTP APIs.
 */
async function expectNoLint({ directory }: Packaged, skip: (reason: string) => never): Promise<void> {
  const found = await run(['cfn-lint', '--version']).catch(() => undefined);
  if (found?.code !== 0) skip('cfn-lint is not installed');
  const { stdout } = await run(
    [
      'cfn-lint',
      '--regions',
      'ALL_REGIONS',
      '--ignore-checks',
      'W3005',
      '--format',
      'parseable',
      '--',
      templatePath(directory),
    ],
    { timeoutMs: 180_000 },
  );
  const known = /W3037:'(de|en)capsulate'|E3006:.*'AWS::ApiGatewayV2::\w+' does not exist in 'ap-(east-2|southeast-6)'/;
  const lines = stdout.split('\n').filter((line) => line !== '' && !known.test(line));
  expect(lines).toEqual([]);
}

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

  describe.skipIf(!isSoak)('when packaged', () => {
    const packaged = usePackaged(given);

    test('a packaged deployment with tenants passes cfn-lint', { timeout: 200_000 }, ({ skip }) =>
      expectNoLint(packaged, skip),
    );
  });
});
