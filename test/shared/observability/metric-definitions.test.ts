import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { metricDefinitions } from '../../../shared/observability/metric-definitions.ts';
import { metricNames, metricsNamespace } from '../../../shared/observability/metric-names.ts';

test('the metric definitions equal the output of Powertools Metrics', () => {
  const metrics = new Metrics({ namespace: metricsNamespace });
  metrics.addDimension('operation', 'any').addDimensions({});
  for (const name of Object.values(metricNames)) {
    metrics.addMetric(name, name === 'Latency' ? MetricUnit.Milliseconds : MetricUnit.Count, 0);
  }
  expect(metricDefinitions).toEqual(metrics.serializeMetrics()._aws.CloudWatchMetrics);
});
