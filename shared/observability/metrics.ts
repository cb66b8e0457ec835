import type { Call } from '../handler/call.ts';
import { metricDefinitions } from './metric-definitions.ts';
import { metricNames } from './metric-names.ts';

const { calls, latency, faults, throttles, accessDenied, deletionsScheduled } = metricNames;
const isOff = process.env.POWERTOOLS_METRICS_DISABLED === 'true';

/**
 * The metrics of a call, as members of its line in the log, from which CloudWatch takes them
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Their dimensions `service` (the deployment, by POWERTOOLS_SERVICE_NAME) and `operation` stand in the line.
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
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: metricDefinitions },
  };
}
