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
  const counts = [...findEvents(call), ...findDataKeySource(call), ...findItemEvents(call)];
  const events = counts.map(([metric]) => metric);
  return {
    [metricNames.calls]: 1,
    [metricNames.latency]: latencyMs,
    ...Object.fromEntries(counts.map(([metric, count]) => [metricNames[metric], count])),
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: events.length === 0 ? usualMetrics : defineMetrics(['calls', 'latency', ...events]),
    },
  };
}

const usualMetrics = defineMetrics(['calls', 'latency']);

type Count = readonly [metric: MetricName, count: number];

/** Returns the metrics that count what happened in a call. Most calls have none. */
function findEvents({ operation, failure, isReplay }: Call): Count[] {
  if (failure === undefined) {
    if (operation.serviceTag === 'added') return isReplay ? [] : [['keysCreated', 1]];
    return operation.name === 'ScheduleKeyDeletion' ? [['deletionsScheduled', 1]] : [];
  }
  const metric = findErrorMetric(failure.entry.status);
  return metric === undefined ? [] : [[metric, 1]];
}

function findErrorMetric(status: number): 'faults' | 'throttles' | 'accessDenied' | undefined {
  if (status >= 500) return 'faults';
  if (status === 429) return 'throttles';
  return status === 403 ? 'accessDenied' : undefined;
}

/** Returns the metrics for the items that failed. A call counts as one fault, because alarms compare faults with calls. */
function findItemEvents({ items }: Call): Count[] {
  const counts = new Map<MetricName, number>();
  for (const [status, count] of items?.failures ?? []) {
    const metric = findErrorMetric(status);
    if (metric !== undefined) counts.set(metric, metric === 'faults' ? 1 : (counts.get(metric) ?? 0) + count);
  }
  return [...counts];
}

/** Returns the metric for the source of a message's data key, if the deployment caches data keys. */
function findDataKeySource({ dataKeySource, kms }: Call): Count[] {
  if (dataKeySource === undefined) return [];
  return dataKeySource === 'cache' ? [['dataKeyCacheHits', 1]] : [['dataKeyRequests', kms.attempts]];
}
