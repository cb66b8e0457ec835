/** The namespace of the metrics that the functions write and that the alarms and the dashboard read. */
export const metricsNamespace = 'KmsFunctions';

export const metricNames = {
  calls: 'Calls',
  latency: 'Latency',
  faults: 'Faults',
  throttles: 'Throttles',
  accessDenied: 'AccessDenied',
  deletionsScheduled: 'DeletionsScheduled',
} as const;
