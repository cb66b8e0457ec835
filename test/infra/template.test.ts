import { describe, expect, test } from 'vitest';
import { resolveDeployment, selectCallerOperations } from '../../infra/deployment/deployment.ts';
import { buildCallersRole } from '../../infra/roles/callers-role.ts';
import { buildServiceParts } from '../../infra/service.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { deployment, everything } from '../support/deployments.ts';
import { isSoak, operations } from '../support/operations.ts';
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
/** CloudFormation accepts 500 resources per stack. The rest is reserved for resources that users add. */
const maxResources = 450;

describe('a template with every operation and every option', () => {
  const packaged = usePackaged(everything);

  test('fits into a single stack', () => {
    expect(packaged.resources.size).toBeLessThanOrEqual(maxResources);
  });

  test('tags every resource that accepts tags', () => {
    const without =
      /^AWS::(ApiGatewayV2::(Route|Integration|ApiMapping|Authorizer)|Lambda::(Permission|Alias)|Logs::SubscriptionFilter|S3::BucketPolicy|CloudWatch::Dashboard|IAM::ManagedPolicy)$/;
    for (const [id, { Type, Properties }] of packaged.resources) {
      if (without.test(Type)) continue;
      const tags = Array.isArray(Properties.Tags)
        ? Object.fromEntries(Properties.Tags.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]))
        : Properties.Tags;
      expect(tags, id).toEqual({ service: 'kms-functions', stage: 'dev' });
    }
  });

  test('contains no keys or aliases, so that removing the stack does not delete them', () => {
    const types = new Set([...packaged.resources.values()].map(({ Type }) => Type));
    expect([...types].filter((type) => type.startsWith('AWS::KMS::'))).toEqual([]);
    expect([...types].filter((type) => /Custom::|AWS::CloudFormation::/.test(type))).toEqual([]);
  });

  test('has an authorizer on every route', () => {
    for (const { Properties } of filterByType(packaged.resources, 'AWS::ApiGatewayV2::Route')) {
      expect(Properties.AuthorizationType).toBe('JWT');
    }
    for (const { Properties } of filterByType(packaged.resources, 'AWS::Lambda::Permission')) {
      if (Properties.Principal === 'logs.amazonaws.com') continue;
      expect(Properties.Principal).toBe('apigateway.amazonaws.com');
      expect(JSON.stringify(Properties.SourceArn)).toContain('{"Ref":"HttpApi"}');
    }
  });

  test('has no wildcards in policy actions', () => {
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
        for (const action of [Action].flat()) expect(action).toMatch(/^[a-z-]+:[A-Za-z]+$/);
    }
  });

  test('enables logs and metrics for every route, and throttles it at most at the KMS request quota', () => {
    const stage = packaged.resources.get('HttpApiStage');
    const { AccessLogSettings, DefaultRouteSettings, RouteSettings } = stage?.Properties ?? {};
    expect(AccessLogSettings.DestinationArn).toEqual({ 'Fn::GetAtt': ['AccessLogGroup', 'Arn'] });
    expect(Object.values(JSON.parse(AccessLogSettings.Format)).join()).not.toMatch(
      /\.path|query|header|authorizer\.claims\.(?!sub\b)/i,
    );
    expect(DefaultRouteSettings).toEqual({
      DetailedMetricsEnabled: true,
      ThrottlingRateLimit: 500,
      ThrottlingBurstLimit: 1000,
    });
    expect(RouteSettings['POST /keys']).toEqual({
      DetailedMetricsEnabled: true,
      ThrottlingRateLimit: 5,
      ThrottlingBurstLimit: 5,
    });
    expect(RouteSettings['POST /keys/{KeyId}/encrypt']).toBeUndefined();
    const routes = [...packaged.resources].filter(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Route');
    const keys = routes.map(([, { Properties }]) => Properties.RouteKey);
    for (const key of Object.keys(RouteSettings)) expect(keys).toContain(key);
    expect([stage?.DependsOn ?? []].flat().toSorted()).toEqual(routes.map(([id]) => id).toSorted());
  });

  test('notifies the alarm topic when an alarm goes off and when it is over', () => {
    const alarms = filterByType(packaged.resources, 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(6);
    for (const { Properties } of alarms) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([
        [everything.alarmTopicArn],
        [everything.alarmTopicArn],
      ]);
    }
  });

  test.skipIf(!isSoak)('passes cfn-lint', { timeout: 200_000 }, ({ skip }) => expectNoLint(packaged, skip));
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

  test('passes cfn-lint', { timeout: 200_000 }, ({ skip }) => expectNoLint(packaged, skip));
});

/** Ignores W3005, which osls causes, and W3037 for two actions that cfn-lint does not support yet. */
async function expectNoLint({ directory }: Packaged, skip: (reason: string) => never): Promise<void> {
  const found = await run(['cfn-lint', '--version']).catch(() => undefined);
  if (found?.code !== 0) skip('cfn-lint is not installed');
  const { stdout } = await run(
    ['cfn-lint', '--ignore-checks', 'W3005', '--format', 'parseable', '--', templatePath(directory)],
    { timeoutMs: 180_000 },
  );
  const lines = stdout.split('\n').filter((line) => line !== '' && !/W3037:'(de|en)capsulate'/.test(line));
  expect(lines).toEqual([]);
}

describe('the role for callers in other accounts', () => {
  const parameters = {
    operations: 'keys,crypto,policies,rotation,aliases,grants',
    callerAccounts: '222222222222,333333333333',
    callerOperations: 'DescribeKey,Encrypt,CreateAlias,ListGrants',
  };
  const resources = new Map(Object.entries(buildCallersRole(deployment(parameters))) as [string, Resource][]);
  const called = ['DescribeKey', 'Encrypt', 'CreateAlias', 'ListGrants'];
  const groups = ['keys', 'crypto', 'policies', 'rotation', 'aliases', 'grants'];
  const deployed = operations.filter(({ group }) => groups.includes(group));

  const role = () => resolveReferences(resources.get('CallersRole')?.Properties, place);

  test('can only be assumed from the accounts in callerAccounts', () => {
    expect(role().AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::333333333333:root'] },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      },
    ]);
  });

  const routes = deployed.flatMap((operation) => operation.routes.map((route) => ({ operation, route })));
  test.for(routes.map(({ operation, route }) => ({ name: `${route.method} ${route.path}`, operation, route })))(
    'allows a route only for operations in callerOperations: $name',
    ({ operation, route }) => {
      const statements = resolveReferences(listStatements(resources.get('CallersRole')), place);
      for (const key of ['alias.app', 'policy', '1234abcd-12ab-34cd-56ef-1234567890ab']) {
        const path = route.path.replaceAll(/\{\w+\}/g, key);
        const resource = `arn:aws:execute-api:us-east-1:111111111111:abcdefghij/$default/${route.method}${path}`;
        const decision = decide(statements, { action: 'execute-api:Invoke', resource });
        expect(decision === 'allowed', path).toBe(called.includes(operation.name));
      }
    },
  );

  test('allows only the functions of operations in callerOperations', () => {
    const policy = resolveReferences(resources.get('CallersFunctionsPolicy')?.Properties, place);
    expect(policy.PolicyDocument.Statement).toEqual([
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
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: IAM does not count whitespace. */
test('the role for callers stays within the IAM size limits for any choice of operations', () => {
  const longest = { account: '111111111111', region: 'ap-southeast-1' };
  const given = { operations: 'all', regions: 'eu-west-1', callerAccounts: '222222222222' };
  for (const choice of [
    'all',
    ...operations.map(({ name }) =>
      operations
        .filter((other) => other.name !== name)
        .map((other) => other.name)
        .join(),
    ),
  ]) {
    const longNamed = resolveDeployment('a-long-name-for-a-stage', { ...given, callerOperations: choice });
    expect(selectCallerOperations(longNamed).length).toBeGreaterThan(50);
    // biome-ignore lint/suspicious/noExplicitAny: each resource type has different properties.
    const resources = resolveReferences(buildCallersRole(longNamed), longest) as any;
    expect(JSON.stringify(resources.CallersRole.Properties.Policies[0].PolicyDocument).length).toBeLessThanOrEqual(
      10_240,
    );
    expect(JSON.stringify(resources.CallersFunctionsPolicy.Properties.PolicyDocument).length).toBeLessThanOrEqual(
      6_144,
    );
  }
});
