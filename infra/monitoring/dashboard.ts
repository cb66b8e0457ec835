import { callMessage } from '../../shared/observability/call-message.ts';
import {
  type MetricName,
  metricNames,
  metricsNamespace,
  perOperationMetrics,
} from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionLogGroupName } from '../deployment/log-groups.ts';
import { httpApi } from '../deployment/logical-ids.ts';

const widgetWidth = 12;
const widgetHeight = 6;

/** A line of a widget: a list of metrics, or a search expression that finds metrics of all operations. */
type Line = readonly unknown[];

/** The widgets, each with its title, its statistic and its lines. */
function listWidgets({
  name,
  parameters,
}: Deployment): (readonly [title: string, statistic: string, lines: readonly Line[]])[] {
  const ofMetric = (title: string, metric: MetricName, statistic: string) =>
    [title, statistic, [buildLine(name, metric, statistic)]] as const;
  const dataKeys = ['Data keys from the cache, and requests for data keys', 'Sum'] as const;
  const cacheLines = (['dataKeyCacheHits', 'dataKeyRequests'] as const).map((metric) => buildLine(name, metric, 'Sum'));
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
    ...(parameters.dataKeyCache === undefined ? [] : [[...dataKeys, cacheLines] as const]),
  ];
}

/**
 * The widgets that query the call records, each with its title and its query. The records contain these values in any
 * case, while metrics for them would cost extra for each operation.
 */
const logWidgets = [
  [
    'Requests to KMS per call',
    'stats avg(attempts) as averageAttempts, max(attempts) as maxAttempts, avg(lookups) as averageLookups by bin(5m)',
  ],
  [
    'Time in KMS, and least time left (ms)',
    'stats pct(kmsMs, 50) as p50, pct(kmsMs, 99) as p99, min(timeLeftMs) as leastTimeLeft by bin(5m)',
  ],
  [
    'Outcomes',
    'stats count(*) as calls, avg(attempts) as averageAttempts, pct(kmsMs, 99) as kmsMsP99, min(timeLeftMs) as leastTimeLeftMs by operation, outcome | sort calls desc | limit 50',
  ],
] as const;

/** Builds a log widget (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html). */
function buildLogWidget(stage: string, title: string, query: string): object {
  const source = `SOURCE '${functionLogGroupName(stage)}' | filter message = "${callMessage}" | ${query}`;
  const view = query.includes('bin(') ? 'timeSeries' : 'table';
  return { type: 'log', properties: { title, region: '${AWS::Region}', view, query: source } };
}

export function buildDashboard(deployment: Deployment): Record<string, object> {
  const body = {
    widgets: [
      ...listWidgets(deployment).map(([title, stat, metrics]) => ({
        type: 'metric',
        properties: { title, region: '${AWS::Region}', view: 'timeSeries', stat, period: 300, metrics },
      })),
      ...logWidgets.map(([title, query]) => buildLogWidget(deployment.stage, title, query)),
    ].map((widget, index) => ({
      x: (index % 2) * widgetWidth,
      y: Math.floor(index / 2) * widgetHeight,
      width: widgetWidth,
      height: widgetHeight,
      ...widget,
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
