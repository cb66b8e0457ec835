import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { defineMetrics } from '../../../shared/observability/metric-definitions.ts';
import {
  type MetricName,
  metricNames,
  metricsNamespace,
  perOperationMetrics,
} from '../../../shared/observability/metric-names.ts';

test('the metric definitions equal the output of Powertools Metrics', () => {
  const all = Object.keys(metricNames) as MetricName[];
  const serialize = (metrics: readonly MetricName[], isPerOperation: boolean) => {
    const powertools = new Metrics({ namespace: metricsNamespace });
    if (isPerOperation) powertools.addDimension('operation', 'any').addDimensions({});
    for (const metric of metrics) {
      const unit = metric === 'latency' ? MetricUnit.Milliseconds : MetricUnit.Count;
      powertools.addMetric(metricNames[metric], unit, 0);
    }
    return powertools.serializeMetrics()._aws.CloudWatchMetrics;
  };
  const perService = all.filter((metric) => !perOperationMetrics.includes(metric));
  expect(defineMetrics(all)).toEqual([...serialize(perOperationMetrics, true), ...serialize(perService, false)]);
  expect(defineMetrics(['calls', 'latency'])).toEqual(serialize(['calls', 'latency'], true));
});
