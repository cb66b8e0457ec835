import { metricsNamespace } from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { accessLogGroup } from '../deployment/logical-ids.ts';

/** A metric without dimensions. */
interface FilteredMetric {
  readonly Namespace: string;
  readonly MetricName: string;
}

/**
 * Returns the metric that counts the API's 429 responses. Its namespace contains the stage, because the dimensions of such
 * a metric can only be members of the log entries.
 */
export function nameThrottledRequests({ stage }: Pick<Deployment, 'stage'>): FilteredMetric {
  return { Namespace: `${metricsNamespace}/${stage}`, MetricName: 'GatewayThrottles' };
}

/**
 * Counts the API's 429 responses in the access log, because an HTTP API has a metric only for all 4xx responses
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html).
 */
export function buildThrottledRequests(deployment: Pick<Deployment, 'stage'>): Record<string, object> {
  const { Namespace, MetricName } = nameThrottledRequests(deployment);
  return {
    ThrottledRequestsFilter: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        LogGroupName: { Ref: accessLogGroup },
        FilterPattern: '{ $.status = "429" }',
        MetricTransformations: [{ MetricNamespace: Namespace, MetricName, MetricValue: '1', Unit: 'Count' }],
      },
    },
  };
}
