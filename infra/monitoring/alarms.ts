import { metricNames, metricsNamespace } from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment.ts';
import { httpApi } from '../gateway/stage.ts';
import { tagsOf } from '../tags.ts';

interface Alarm {
  /** What it means, and where to read on. */
  readonly description: string;
  readonly metric: Metric;
  readonly statistic: { readonly Statistic: 'Sum' } | { readonly ExtendedStatistic: 'p99' };
  readonly threshold: number;
  /** Of five minutes each, all of them over the threshold. */
  readonly periods: number;
}

type Metric = keyof typeof metricNames | 'gatewayFaults';

const periodSeconds = 300;
const sum = { Statistic: 'Sum' } as const;

/** One each for the service as a whole: which operation it is, the dashboard tells. */
const alarms: Readonly<Record<string, Alarm>> = {
  FaultsAlarm: {
    description: 'Functions failed, or KMS did (5xx)',
    metric: 'faults',
    statistic: sum,
    threshold: 5,
    periods: 1,
  },
  ThrottlesAlarm: {
    description: 'KMS throttles the service',
    metric: 'throttles',
    statistic: sum,
    threshold: 10,
    periods: 1,
  },
  LatencyAlarm: {
    description: 'One call of a hundred takes over 2 s',
    metric: 'latency',
    statistic: { ExtendedStatistic: 'p99' },
    threshold: 2_000,
    periods: 3,
  },
  AccessDeniedAlarm: {
    description: 'Calls are refused: a caller tries keys that it may not use, or a policy is wrong',
    metric: 'accessDenied',
    statistic: sum,
    threshold: 10,
    periods: 1,
  },
  DeletionsScheduledAlarm: {
    description: 'The deletion of a key was scheduled: was it meant?',
    metric: 'deletionsScheduled',
    statistic: sum,
    threshold: 0,
    periods: 1,
  },
  GatewayFaultsAlarm: {
    description: 'The gateway answers 5xx: functions that do not start or run out of time count here alone',
    metric: 'gatewayFaults',
    statistic: sum,
    threshold: 5,
    periods: 1,
  },
};

export function alarmResources(deployment: Deployment): Record<string, object> {
  return Object.fromEntries(
    Object.entries(alarms).map(([id, alarm]) => [id, alarmResource(id, alarm, deployment)] as const),
  );
}

function alarmResource(id: string, alarm: Alarm, deployment: Deployment): object {
  const { description, metric, statistic, threshold, periods } = alarm;
  const topic = deployment.parameters.alarmTopicArn;
  const action = topic === undefined ? {} : { AlarmActions: [topic], OKActions: [topic] };
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${deployment.name}-${id.replace(/Alarm$/, '')}`,
      AlarmDescription: `${deployment.name}: ${description} (docs/guides/runbook.md).`,
      ...metricOf(metric, deployment),
      ...statistic,
      Period: periodSeconds,
      EvaluationPeriods: periods,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      // Nobody calls: nothing is wrong.
      TreatMissingData: 'notBreaching',
      ...action,
      Tags: tagsOf(deployment),
    },
  };
}

function metricOf(metric: Metric, { name }: Deployment): object {
  if (metric === 'gatewayFaults') {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    return {
      Namespace: 'AWS/ApiGateway',
      MetricName: '5xx',
      Dimensions: [{ Name: 'ApiId', Value: { Ref: httpApi } }],
    };
  }
  return {
    Namespace: metricsNamespace,
    MetricName: metricNames[metric],
    Dimensions: [{ Name: 'service', Value: name }],
  };
}
