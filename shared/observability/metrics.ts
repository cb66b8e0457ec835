import type { Call } from '../call/call.ts';
import { metricDefinitions } from './metric-definitions.ts';
import { metricNames } from './metric-names.ts';

const { calls, latency, faults, throttles, accessDenied, deletionsScheduled } = metricNames;

/**
 * Builds a call's metrics, as members of its log line. CloudWatch extracts the metrics from the line
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * The line also contains the dimensions: `service` (the deployment, from POWERTOOLS_SERVICE_NAME) and `operation`.
 */
export function buildMetrics(
  { operation, config, failure }: Call,
  latencyMs: number,
): Readonly<Record<string, unknown>> {
  if (!config.isMetricsEnabled) return {};
  const status = failure?.entry.status ?? 0;
  return {
    [calls]: 1,
    [latency]: latencyMs,
    [faults]: status >= 500 ? 1 : 0,
    [throttles]: status === 429 ? 1 : 0,
    [accessDenied]: status === 403 ? 1 : 0,
    [deletionsScheduled]: operation.name === 'ScheduleKeyDeletion' && failure === undefined ? 1 : 0,
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: metricDefinitions },
  };
}
