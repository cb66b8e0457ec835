import { type MetricName, metricNames, metricsNamespace, perOperationMetrics } from './metric-names.ts';

/** Declares metrics with the same dimensions, in CloudWatch's embedded metric format. */
export interface MetricDefinition {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: 'Count' | 'Milliseconds' }[];
}

const perOperation = [['service', 'operation'], ['service']] as const;
const perService = [['service']] as const;

/**
 * Declares which members of a log line are metrics. CloudWatch aggregates each metric for the whole service, which the
 * alarms monitor, and some metrics also per operation, which the dashboard shows. A test compares the definitions with the
 * output of Powertools Metrics, which the functions do not use because it would add several kilobytes to each bundle.
 */
export function defineMetrics(metrics: readonly MetricName[]): MetricDefinition[] {
  const isPerOperation = (metric: MetricName) => perOperationMetrics.includes(metric);
  return [
    { Dimensions: perOperation, included: metrics.filter(isPerOperation) },
    { Dimensions: perService, included: metrics.filter((metric) => !isPerOperation(metric)) },
  ].flatMap(({ Dimensions, included }) =>
    included.length === 0
      ? []
      : [{ Namespace: metricsNamespace, Dimensions, Metrics: included.map((metric) => describeMetric(metric)) }],
  );
}

function describeMetric(metric: MetricName): MetricDefinition['Metrics'][number] {
  return { Name: metricNames[metric], Unit: metric === 'latency' ? 'Milliseconds' : 'Count' };
}
