import {
  type MetricName,
  metricNames,
  metricsNamespace,
  perOperationMetrics,
} from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { httpApi } from '../deployment/logical-ids.ts';

const widgetWidth = 12;
const widgetHeight = 6;

/** A line of a widget: a list of metrics, or a search expression that finds metrics of all operations. */
type Line = readonly unknown[];

/** The widgets, each with its title, its statistic and its lines. */
function listWidgets({ name }: Deployment): (readonly [title: string, statistic: string, lines: readonly Line[]])[] {
  const ofMetric = (title: string, metric: MetricName, statistic: string) =>
    [title, statistic, [buildLine(name, metric, statistic)]] as const;
  const ofGateway = (metric: string) => ['AWS/ApiGateway', metric, 'ApiId', `\${${httpApi}}`];
  return [
    ofMetric('Calls', 'calls', 'Sum'),
    ofMetric('Latency, p99 (ms)', 'latency', 'p99'),
    ofMetric('Faults', 'faults', 'Sum'),
    ['API Gateway errors', 'Sum', [ofGateway('4xx'), ofGateway('5xx')]],
    ofMetric('Throttled by KMS', 'throttles', 'Sum'),
    ofMetric('Access denied', 'accessDenied', 'Sum'),
    ofMetric('Keys created', 'keysCreated', 'Sum'),
    ofMetric('Deletions scheduled', 'deletionsScheduled', 'Sum'),
  ];
}

export function buildDashboard(deployment: Deployment): Record<string, object> {
  const body = {
    widgets: listWidgets(deployment).map(([title, statistic, metrics], index) => ({
      type: 'metric',
      x: (index % 2) * widgetWidth,
      y: Math.floor(index / 2) * widgetHeight,
      width: widgetWidth,
      height: widgetHeight,
      properties: { title, region: '${AWS::Region}', view: 'timeSeries', stat: statistic, period: 300, metrics },
    })),
  };
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardName: deployment.name, DashboardBody: { 'Fn::Sub': JSON.stringify(body) } },
    },
  };
}

/**
 * Builds a metric of the service, or a search expression for one metric of every operation. The expression also finds
 * operations that are added later
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html).
 */
function buildLine(name: string, metric: MetricName, statistic: string): Line {
  if (!perOperationMetrics.includes(metric)) return [metricsNamespace, metricNames[metric], 'service', name];
  const schema = `{${metricsNamespace},operation,service}`;
  const expression = `SEARCH('${schema} MetricName="${metricNames[metric]}" service="${name}"', '${statistic}', 300)`;
  return [{ expression, label: '' }];
}
