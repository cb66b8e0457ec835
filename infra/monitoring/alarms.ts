import { type MetricName, metricNames, metricsNamespace } from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { httpApi } from '../deployment/logical-ids.ts';
import { buildTagList } from '../deployment/tags.ts';
import type { Parameters } from '../parameters/table.ts';
import { nameThrottledRequests } from './throttled-requests.ts';

interface Alarm {
  readonly description: string;
  readonly metric: Metric;
  readonly statistic: { readonly Statistic: 'Sum' | 'Maximum' } | { readonly ExtendedStatistic: 'p99' };
  readonly threshold: number | ((parameters: Parameters) => number);
  /** The alarm goes off after this number of consecutive periods above the threshold. */
  readonly periods: number;
  /** Default: 300. */
  readonly periodSeconds?: number;
  /** `true` if the alarm can indicate a bad deployment and therefore rolls the deployment back. */
  readonly rollsBack?: true;
}

type Metric = MetricName | 'claimedConcurrency' | 'gatewayFaults' | 'gatewayThrottles' | 'lambdaThrottles';

const defaultPeriodSeconds = 300;
const sum = { Statistic: 'Sum' } as const;

/** The alarms, by logical id. Each covers the whole service. The dashboard shows the affected operation. */
const alarms: Readonly<Record<string, Alarm>> = {
  FaultsAlarm: {
    description: 'Functions or KMS return 5xx errors.',
    metric: 'faults',
    statistic: sum,
    threshold: 5,
    periods: 1,
    rollsBack: true,
  },
  ThrottlesAlarm: {
    description: 'KMS throttles calls from the service.',
    metric: 'throttles',
    statistic: sum,
    threshold: 10,
    periods: 1,
  },
  LatencyAlarm: {
    description: 'The p99 latency exceeds 2 seconds.',
    metric: 'latency',
    statistic: { ExtendedStatistic: 'p99' },
    threshold: 2_000,
    periods: 3,
    rollsBack: true,
  },
  AccessDeniedAlarm: {
    description: 'Calls are denied. A caller may be trying keys that it may not use, or a policy may be wrong.',
    metric: 'accessDenied',
    statistic: sum,
    threshold: 10,
    periods: 1,
    rollsBack: true,
  },
  DeletionsScheduledAlarm: {
    description: 'A caller scheduled a key deletion. Check whether the deletion is intended.',
    metric: 'deletionsScheduled',
    statistic: sum,
    threshold: 0,
    periods: 1,
  },
  KeysCreatedAlarm: {
    description: 'Callers create many keys, each of which costs money every month.',
    metric: 'keysCreated',
    statistic: sum,
    threshold: ({ keysCreatedThreshold }) => keysCreatedThreshold,
    periods: 1,
    periodSeconds: 3_600,
  },
  GatewayFaultsAlarm: {
    description:
      'API Gateway returns 5xx errors. Unlike the other alarms, this alarm includes functions that time out or fail to start.',
    metric: 'gatewayFaults',
    statistic: sum,
    threshold: 5,
    periods: 1,
    rollsBack: true,
  },
  GatewayThrottlesAlarm: {
    description: 'The API returns many 429 responses. API Gateway, Lambda or KMS throttles requests.',
    metric: 'gatewayThrottles',
    statistic: sum,
    threshold: 100,
    periods: 1,
  },
  ConcurrencyAlarm: {
    description: 'The account claims more than 80 % of its concurrent Lambda executions, here or in other functions.',
    metric: 'claimedConcurrency',
    statistic: { Statistic: 'Maximum' },
    threshold: ({ accountConcurrency }) => accountConcurrency * 0.8,
    periods: 1,
  },
  LambdaThrottlesAlarm: {
    description: 'Lambda throttles functions in the account, of this service or others.',
    metric: 'lambdaThrottles',
    statistic: sum,
    threshold: 10,
    periods: 1,
  },
};

/** The alarms that roll a deployment back, by logical id. */
export const rollbackAlarmIds = Object.keys(alarms).filter((id) => alarms[id]?.rollsBack);

export function alarmNames({ name }: Pick<Deployment, 'name'>, ids: readonly string[]): string[] {
  return ids.map((id) => `${name}-${id.replace(/Alarm$/, '')}`);
}

export function buildAlarms(deployment: Deployment): Record<string, object> {
  return Object.fromEntries(
    Object.entries(alarms).map(([id, alarm]) => [id, buildAlarm(id, alarm, deployment)] as const),
  );
}

function buildAlarm(id: string, alarm: Alarm, deployment: Deployment): object {
  const { description, metric, statistic, threshold, periods, periodSeconds = defaultPeriodSeconds } = alarm;
  const topic = deployment.parameters.alarmTopicArn;
  const actions = topic === undefined ? {} : { AlarmActions: [topic], OKActions: [topic] };
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: alarmNames(deployment, [id])[0],
      AlarmDescription: `${deployment.name}: ${description} See docs/guides/runbook.md.`,
      ...buildMetric(metric, deployment),
      ...statistic,
      Period: periodSeconds,
      EvaluationPeriods: periods,
      Threshold: typeof threshold === 'number' ? threshold : threshold(deployment.parameters),
      ComparisonOperator: 'GreaterThanThreshold',
      // Without calls, the service publishes no data.
      TreatMissingData: 'notBreaching',
      ...actions,
      Tags: buildTagList(deployment),
    },
  };
}

/**
 * Metrics of all functions in the account and Region, which have no dimension. Alarms cannot search for metrics, so an
 * alarm for this service alone would need a metric of each function
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
 */
const lambdaMetrics: Readonly<Partial<Record<Metric, string>>> = {
  claimedConcurrency: 'ClaimedAccountConcurrency',
  lambdaThrottles: 'Throttles',
};

function buildMetric(metric: Metric, { name, stage }: Deployment): object {
  const lambdaMetric = lambdaMetrics[metric];
  if (lambdaMetric !== undefined) return { Namespace: 'AWS/Lambda', MetricName: lambdaMetric };
  if (metric === 'gatewayThrottles') return nameThrottledRequests({ stage });
  if (metric === 'gatewayFaults') {
    // See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    return {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: [{ Name: 'ApiId', Value: { Ref: httpApi } }],
    };
  }
  return {
    Namespace: metricsNamespace,
    MetricName: metricNames[metric as MetricName],
    Dimensions: [{ Name: 'service', Value: name }],
  };
}
