import { GetStageCommand } from '@aws-sdk/client-apigatewayv2';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { httpApi, httpApiStage } from '../../../infra/deployment/logical-ids.ts';
import { type Check, expectThat, onlyAtAws } from '../check.ts';
import type { Run } from '../run.ts';
import { findResource, requireAws } from '../stage.ts';

interface RouteSettings {
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
}

export const operationsChecks: readonly Check[] = [
  {
    name: 'alarms',
    title: 'Monitoring: every alarm exists, and none is in state ALARM',
    skip: onlyAtAws('alarms'),
    run: checkAlarms,
  },
  {
    name: 'throttles',
    title: 'Throttling: API Gateway applies every route limit',
    skip: onlyAtAws('throttling'),
    run: checkThrottles,
  },
];

/**
 * The alarms that the checks themselves can trigger, because they create and delete keys and send requests that are
 * rejected.
 */
const triggeredByVerification = /^(DeletionsScheduled|KeysCreated|AccessDenied)/;
/** The alarms that functions outside the stage can trigger, because their metrics cover the whole account. */
const triggeredByAccount = /^(Concurrency|LambdaThrottles)/;

async function checkAlarms({ stage }: Run): Promise<string> {
  const alarms = stage.resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
  expectThat(alarms.length > 0, 'The stack has no alarms.');
  const AlarmNames = alarms.map(({ physicalId }) => physicalId);
  const { MetricAlarms = [] } = await requireAws(stage).cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  const missing = AlarmNames.filter((name) => !MetricAlarms.some(({ AlarmName }) => AlarmName === name));
  expectThat(missing.length === 0, `CloudWatch has no alarm ${missing.join(', ')}.`);
  const ignored = new Set(
    alarms
      .filter(({ logicalId }) => triggeredByVerification.test(logicalId) || triggeredByAccount.test(logicalId))
      .map(({ physicalId }) => physicalId),
  );
  const active = MetricAlarms.filter(
    ({ AlarmName = '', StateValue }) => StateValue === 'ALARM' && !ignored.has(AlarmName),
  );
  expectThat(active.length === 0, `In state ALARM: ${active.map(({ AlarmName }) => AlarmName).join(', ')}.`);
  return `${MetricAlarms.length} alarms`;
}

/** Compares the stage with its template, because CloudFormation does not report that API Gateway rounds a limit. */
async function checkThrottles({ stage }: Run): Promise<string> {
  const { cloudFormation, apiGateway } = requireAws(stage);
  const { TemplateBody = '{}' } = await cloudFormation.send(
    new GetTemplateCommand({ StackName: `kms-functions-${stage.name}` }),
  );
  const declared: Readonly<Record<string, RouteSettings>> =
    JSON.parse(TemplateBody).Resources?.[httpApiStage]?.Properties?.RouteSettings ?? {};
  const { RouteSettings: applied = {} } = await apiGateway.send(
    new GetStageCommand({ ApiId: findResource(stage, httpApi), StageName: findResource(stage, httpApiStage) }),
  );
  const different = Object.entries(declared).filter(
    ([route, { ThrottlingRateLimit, ThrottlingBurstLimit }]) =>
      applied[route]?.ThrottlingRateLimit !== ThrottlingRateLimit ||
      applied[route]?.ThrottlingBurstLimit !== ThrottlingBurstLimit,
  );
  expectThat(
    different.length === 0,
    `API Gateway's limits differ from the template: ${different.map(([route]) => route).join(', ')}.`,
  );
  const rates = Object.values(declared).flatMap(({ ThrottlingRateLimit: rate }) => (rate === undefined ? [] : [rate]));
  return rates.length === 0
    ? 'no route has its own limit'
    : `${rates.length} routes; the lowest limit is ${Math.min(...rates)} requests per second`;
}
