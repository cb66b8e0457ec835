import { metricNames, metricsNamespace } from './metric-names.ts';

const metrics = Object.values(metricNames).map((Name) => ({
  Name,
  Unit: Name === metricNames.latency ? 'Milliseconds' : 'Count',
}));

/**
 * Declares which members of a log line are metrics, in CloudWatch's embedded metric format. CloudWatch aggregates each
 * metric per operation and for the whole service; the alarms monitor the whole service. A test compares the definitions
 * with the output of Powertools Metrics, which the functions do not use because it would add several kilobytes to each
 * bundle.
 */
export const metricDefinitions = [
  { Namespace: metricsNamespace, Dimensions: [['service', 'operation'], ['service']], Metrics: metrics },
] as const;
