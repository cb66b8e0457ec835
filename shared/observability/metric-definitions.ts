import { metricNames, metricsNamespace } from './metric-names.ts';

const metrics = Object.values(metricNames).map((Name) => ({
  Name,
  Unit: Name === metricNames.latency ? 'Milliseconds' : 'Count',
}));

/**
 * Declares which members of a log line are metrics, in CloudWatch's embedded metric format: per operation, and for the
 * service as a whole, which the alarms watch. A test compares it with the output of Powertools Metrics, which would cost
 * each bundle several kilobytes.
 */
export const metricDefinitions = [
  { Namespace: metricsNamespace, Dimensions: [['service', 'operation'], ['service']], Metrics: metrics },
] as const;
