/** The metrics that the functions write, and that alarms and the dashboard read. */
export const metricsNamespace = 'KmsFunctions';

export const metricNames = {
  calls: 'Calls',
  latency: 'Latency',
  faults: 'Faults',
  throttles: 'Throttles',
  accessDenied: 'AccessDenied',
  deletionsScheduled: 'DeletionsScheduled',
} as const;
