import type { Call } from '../call/call.ts';
import { defineMetrics } from './metric-definitions.ts';
import { type MetricName, metricNames } from './metric-names.ts';

/**
 * Builds a call's metrics, as members of its log line. CloudWatch extracts the metrics from the line
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * The line also contains the dimensions: `service` (the deployment, from POWERTOOLS_SERVICE_NAME) and `operation`.
 */
export function buildMetrics(call: Call, latencyMs: number): Readonly<Record<string, unknown>> {
  if (!call.config.isMetricsEnabled) return {};
  const events = [...findEvents(call), ...findDataKeySource(call)];
  return {
    [metricNames.calls]: 1,
    [metricNames.latency]: latencyMs,
    ...Object.fromEntries(
      events.map((metric) => [metricNames[metric], metric === 'dataKeyRequests' ? call.kms.attempts : 1]),
    ),
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: events.length === 0 ? usualMetrics : defineMetrics(['calls', 'latency', ...events]),
    },
  };
}

const usualMetrics = defineMetrics(['calls', 'latency']);

/** Returns the metrics that count what happened in a call. Most calls have none. */
function findEvents({ operation, failure, isReplay }: Call): MetricName[] {
  if (failure === undefined) {
    if (operation.serviceTag === 'added') return isReplay ? [] : ['keysCreated'];
    return operation.name === 'ScheduleKeyDeletion' ? ['deletionsScheduled'] : [];
  }
  const { status } = failure.entry;
  if (status >= 500) return ['faults'];
  if (status === 429) return ['throttles'];
  return status === 403 ? ['accessDenied'] : [];
}

/** Returns the metric for the source of a message's data key, if the deployment caches data keys. */
function findDataKeySource({ dataKeySource }: Call): MetricName[] {
  if (dataKeySource === undefined) return [];
  return dataKeySource === 'cache' ? ['dataKeyCacheHits'] : ['dataKeyRequests'];
}
