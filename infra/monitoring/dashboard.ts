import { metricNames, metricsNamespace } from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';

const widgetWidth = 12;
const widgetHeight = 6;

/** The widgets, each of which shows one metric by operation. Their search expressions also find operations added later. */
const widgets: readonly (readonly [title: string, metric: keyof typeof metricNames, statistic: string])[] = [
  ['Calls', 'calls', 'Sum'],
  ['Latency, p99 (ms)', 'latency', 'p99'],
  ['Faults', 'faults', 'Sum'],
  ['Throttled by KMS', 'throttles', 'Sum'],
  ['Access denied', 'accessDenied', 'Sum'],
  ['Deletions scheduled', 'deletionsScheduled', 'Sum'],
];

export function buildDashboard({ name }: Deployment): Record<string, object> {
  const body = {
    widgets: widgets.map(([title, metric, statistic], index) => ({
      type: 'metric',
      x: (index % 2) * widgetWidth,
      y: Math.floor(index / 2) * widgetHeight,
      width: widgetWidth,
      height: widgetHeight,
      properties: {
        title,
        region: '${AWS::Region}',
        view: 'timeSeries',
        stat: statistic,
        period: 300,
        metrics: [[{ expression: buildSearch(name, metric, statistic), label: '' }]],
      },
    })),
  };
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardName: name, DashboardBody: { 'Fn::Sub': JSON.stringify(body) } },
    },
  };
}

/**
 * Builds a CloudWatch search expression
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html).
 */
function buildSearch(name: string, metric: keyof typeof metricNames, statistic: string): string {
  const schema = `{${metricsNamespace},operation,service}`;
  return `SEARCH('${schema} MetricName="${metricNames[metric]}" service="${name}"', '${statistic}', 300)`;
}
