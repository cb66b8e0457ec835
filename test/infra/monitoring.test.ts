import { describe, expect, test } from 'vitest';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { accessLogFormat } from '../../infra/gateway/access-log.ts';
import { buildAlarms } from '../../infra/monitoring/alarms.ts';
import { buildDashboard } from '../../infra/monitoring/dashboard.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { callRecord } from '../../shared/observability/call-record.ts';
import { metricNames, perOperationMetrics } from '../../shared/observability/metric-names.ts';
import { deployment, everything } from '../support/deployments.ts';
import type { Resource } from '../support/template.ts';

const alarms = (parameters: Readonly<Record<string, string>> = {}) =>
  buildAlarms(deployment(parameters)) as Record<string, Resource>;

test('the KeysCreated alarm goes off if more than keysCreatedThreshold keys are created in an hour', () => {
  expect(alarms({ keysCreatedThreshold: '7' }).KeysCreatedAlarm?.Properties).toMatchObject({
    MetricName: 'KeysCreated',
    Period: 3_600,
    Threshold: 7,
    ComparisonOperator: 'GreaterThanThreshold',
  });
});

test('the Concurrency alarm goes off above 80 % of accountConcurrency, which the whole account shares', () => {
  const { Properties } = alarms({ accountConcurrency: '3000' }).ConcurrencyAlarm ?? {};
  expect(Properties).toMatchObject({
    Namespace: 'AWS/Lambda',
    MetricName: 'ClaimedAccountConcurrency',
    Statistic: 'Maximum',
    Threshold: 2_400,
  });
  expect(Properties).not.toHaveProperty('Dimensions');
  expect(alarms().ConcurrencyAlarm?.Properties.Threshold).toBe(800);
});

test('the LambdaThrottles alarm counts the throttles of all functions, because alarms cannot search for metrics', () => {
  const { Properties } = alarms().LambdaThrottlesAlarm ?? {};
  expect(Properties).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Throttles', Statistic: 'Sum' });
  expect(Properties).not.toHaveProperty('Dimensions');
});

test('the GatewayThrottles alarm counts the 429 responses in the access log of its own stage', () => {
  const { Resources } = buildServiceParts(deployment({})).resources;
  const { ThrottledRequestsFilter, GatewayThrottlesAlarm } = Resources as Record<string, Resource>;
  const { LogGroupName, FilterPattern, MetricTransformations } = ThrottledRequestsFilter?.Properties ?? {};
  expect(LogGroupName).toEqual({ Ref: 'AccessLogGroup' });
  const [, member = '', value] = /^\{ \$\.(\w+) = "(.*)" \}$/.exec(FilterPattern) ?? [];
  expect([JSON.parse(accessLogFormat)[member], value]).toEqual(['$context.status', '429']);
  const [{ MetricNamespace, MetricName }] = MetricTransformations;
  expect(GatewayThrottlesAlarm?.Properties).toMatchObject({ Namespace: MetricNamespace, MetricName, Statistic: 'Sum' });
  expect(MetricNamespace).toBe('KmsFunctions/dev');
});

test('the dashboard shows the data key cache only if the deployment has one', () => {
  const readBody = (parameters: Readonly<Record<string, string>>) => {
    const { Properties } = buildDashboard(deployment(parameters)).Dashboard as Resource;
    return Properties.DashboardBody['Fn::Sub'] as string;
  };
  expect(readBody({})).not.toContain('DataKey');
  const withCache = readBody({ dataKeyCache: 'seconds:300,messages:1000,bytes:1000000' });
  for (const name of ['DataKeyCacheHits', 'DataKeyRequests']) expect(withCache).toContain(name);
});

test('the dashboard searches per operation only for metrics that have the operation dimension', () => {
  const { Properties } = buildDashboard(deployment({})).Dashboard as Resource;
  const { widgets } = JSON.parse(Properties.DashboardBody['Fn::Sub']);
  const searched = JSON.stringify(widgets).matchAll(
    /SEARCH\('\{KmsFunctions,operation,service\} MetricName=\\"(\w+)\\"/g,
  );
  expect([...searched].map(([, name]) => name)).toEqual(perOperationMetrics.map((metric) => metricNames[metric]));
});

test('the dashboard queries only members of call records, in the log group of the functions', () => {
  const { Resources } = buildServiceParts(deployment({})).resources;
  const { Dashboard, FunctionsLogGroup } = Resources as Record<string, Resource>;
  const { widgets } = JSON.parse(Dashboard?.Properties.DashboardBody['Fn::Sub']);
  const queries = widgets
    .filter(({ type }: { type: string }) => type === 'log')
    .map(({ properties }: { properties: { query: string } }) => properties.query);
  expect(queries).toHaveLength(3);
  for (const query of queries) {
    const prefix = `SOURCE '${FunctionsLogGroup?.Properties.LogGroupName}' | filter message = "call" | stats `;
    expect(query.startsWith(prefix), query).toBe(true);
    const [by = ''] = / by (?!bin)[\w, ]+/.exec(query) ?? [];
    const members = [...query.matchAll(/(?:avg|max|min|pct)\((\w+)/g)].map(([, member]) => member);
    members.push(
      ...by
        .replace(' by ', '')
        .split(', ')
        .map((member) => member.trim())
        .filter(Boolean),
    );
    for (const member of members) expect(Object.keys(callRecord.shape), query).toContain(member);
  }
});

describe('rollbackAlarmAccount', () => {
  const build = (parameters: Readonly<Record<string, string>>, region?: string) =>
    buildServiceParts(resolveDeployment('dev', parameters, region)).rollbackConfiguration;

  test('rollbackAlarmAccount is unset by default, so that a first deployment has no triggers and an update removes earlier triggers', () => {
    expect(build({})).toEqual({ RollbackTriggers: [] });
  });

  test.for([
    ['us-east-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ] as const)('rollbackAlarmAccount selects at most five alarms of the stack: %s', ([region, partition]) => {
    const { RollbackTriggers } = build({ rollbackAlarmAccount: '111122223333' }, region);
    const names = Object.values(alarms()).map(({ Properties }) => Properties.AlarmName);
    const arns = names.map((name) => `arn:${partition}:cloudwatch:${region}:111122223333:alarm:${name}`);
    expect(RollbackTriggers.length).toBeGreaterThan(0);
    expect(RollbackTriggers.length).toBeLessThanOrEqual(5);
    for (const { Arn } of RollbackTriggers) expect(arns).toContain(Arn);
  });

  test('rollbackAlarmAccount excludes alarms that report what callers do', () => {
    const arns = JSON.stringify(build(everything));
    expect(arns).not.toMatch(/DeletionsScheduled|KeysCreated|-Throttles/);
  });
});
