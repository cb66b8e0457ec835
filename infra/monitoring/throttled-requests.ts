import { metricsNamespace } from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { accessLogGroup } from '../deployment/logical-ids.ts';

/**
 * Returns the name of the metric that counts the API's 429 responses. The name contains the stage, because the dimensions
 * of such a metric can only be members of the log entries.
 */
export function throttledMetricName(stage: string): string {
  return `GatewayThrottles-${stage}`;
}

/**
 * Counts the API's 429 responses in the access log, because an HTTP API has a metric only for all 4xx responses
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html).
 */
export function buildThrottledRequests({ stage }: Pick<Deployment, 'stage'>): Record<string, object> {
  return {
    ThrottledRequestsFilter: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        LogGroupName: { Ref: accessLogGroup },
        FilterPattern: '{ $.status = "429" }',
        MetricTransformations: [
          {
            MetricNamespace: metricsNamespace,
            MetricName: throttledMetricName(stage),
            MetricValue: '1',
            Unit: 'Count',
          },
        ],
      },
    },
  };
}
