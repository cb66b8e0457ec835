import { describe, expect, test } from 'vitest';
import { buildServiceParts } from '../../infra/service.ts';
import { deployment, everyOperation, everything } from '../support/deployments.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import { listStatements } from '../support/policy.ts';
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
const maxResources = 480;

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
    // Room remains for ten more operations.
    const more = arns.toSorted((a, b) => b.length - a.length).slice(0, 10);
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

describe.skipIf(!isSoak)('a packaged deployment with tenants', () => {
  const packaged = usePackaged({ ...everyOperation, callerAccounts: '222222222222', tenantField: 'role' });

  test('a packaged deployment with tenants passes cfn-lint', { timeout: 200_000 }, ({ skip }) =>
    expectNoLint(packaged, skip),
  );
});
