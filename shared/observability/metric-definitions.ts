import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricNames, metricsNamespace } from './metric-names.ts';

/**
 * Which members of a line in the log are metrics, in CloudWatch's embedded metric format: by operation, and once more for the
 * service as a whole, which is what alarms watch. It is the same for every call, so a bundle has it ready made
 * (infra/trim/plugin.ts), and Powertools' metrics not at all.
 */
export const metricDefinitions: readonly unknown[] = definitionsOf(new Metrics({ namespace: metricsNamespace }));

function definitionsOf(metrics: Metrics): readonly unknown[] {
  metrics.addDimension('operation', 'any').addDimensions({});
  for (const name of Object.values(metricNames)) {
    metrics.addMetric(name, name === metricNames.latency ? MetricUnit.Milliseconds : MetricUnit.Count, 0);
  }
  return metrics.serializeMetrics()._aws.CloudWatchMetrics;
}
