/** The namespace of the metrics that the functions write and that the alarms and the dashboard read. */
export const metricsNamespace = 'KmsFunctions';

/** The metric that the audit forwarder writes. */
export const auditMetricNames = { rejectedRecords: 'RejectedRecords' } as const;

/** The metrics. Each call counts for `calls` and `latency`. The others are written only when they are not zero. */
export const metricNames = {
  calls: 'Calls',
  latency: 'Latency',
  faults: 'Faults',
  throttles: 'Throttles',
  accessDenied: 'AccessDenied',
  keysCreated: 'KeysCreated',
  deletionsScheduled: 'DeletionsScheduled',
  dataKeyCacheHits: 'DataKeyCacheHits',
  dataKeyRequests: 'DataKeyRequests',
} as const;

export type MetricName = keyof typeof metricNames;

/** The metrics that CloudWatch also aggregates per operation. Each combination of metric and operation costs extra. */
export const perOperationMetrics: readonly MetricName[] = ['calls', 'latency', 'faults'];
