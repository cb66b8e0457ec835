/** What the functions count, and what alarms and the dashboard read: the two must name the same. */
export const metricsNamespace = 'KmsFunctions';

export const metricNames = {
  calls: 'Calls',
  latency: 'Latency',
  faults: 'Faults',
  throttles: 'Throttles',
  accessDenied: 'AccessDenied',
  deletionsScheduled: 'DeletionsScheduled',
} as const;
