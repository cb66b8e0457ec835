import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Call } from './call.ts';
import { metricNames, metricsNamespace } from './metric-names.ts';

const { calls, latency, faults, throttles, accessDenied, deletionsScheduled } = metricNames;
const isOff = process.env.POWERTOOLS_METRICS_DISABLED === 'true';

/**
 * Which members of a line are metrics, and by what: by operation, and once more for the service as a whole, which is what
 * alarms watch. `service` is the deployment, by POWERTOOLS_SERVICE_NAME. It is the same for every call.
 */
const definitions = definitionsOf(new Metrics({ namespace: metricsNamespace }));

function definitionsOf(metrics: Metrics): readonly unknown[] {
  metrics.addDimension('operation', 'any').addDimensions({});
  for (const name of Object.values(metricNames)) {
    metrics.addMetric(name, name === latency ? MetricUnit.Milliseconds : MetricUnit.Count, 0);
  }
  return metrics.serializeMetrics()._aws.CloudWatchMetrics;
}

/**
 * The metrics of a call, as members of its line in the log, from which CloudWatch takes them
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function metricsOf({ operation, failure }: Call, latencyMs: number): Readonly<Record<string, unknown>> {
  if (isOff) return {};
  const status = failure?.entry.status ?? 0;
  return {
    [calls]: 1,
    [latency]: latencyMs,
    [faults]: status >= 500 ? 1 : 0,
    [throttles]: status === 429 ? 1 : 0,
    [accessDenied]: status === 403 ? 1 : 0,
    [deletionsScheduled]: operation.name === 'ScheduleKeyDeletion' && failure === undefined ? 1 : 0,
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: definitions },
  };
}
