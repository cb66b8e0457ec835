import { isAwsOperation, type Operation } from '../../shared/declaration/operation.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { accessLogGroup } from '../deployment/logical-ids.ts';

/**
 * The access log format. It contains the caller, route, time and result of a request. It omits paths, queries, headers and
 * bodies, because they may contain confidential data. The route already identifies the operation
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html).
 */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  callerAccount: '$context.identity.accountId',
  subject: '$context.authorizer.claims.sub',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionLatencyMs: '$context.integrationLatency',
  functionRequestId: '$context.integration.requestId',
  error: '$context.error.messageString',
  authorizerError: '$context.authorizer.error',
});

/** Builds the access log, metrics and throttling settings, which osls merges into the HTTP API stage that it creates. */
export function buildStageExtension(deployment: Deployment, operations: readonly Operation[]): object {
  const { throttleRate, throttleBurst } = deployment.parameters;
  return {
    Properties: {
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [accessLogGroup, 'Arn'] }, Format: accessLogFormat },
      DefaultRouteSettings: {
        DetailedMetricsEnabled: true,
        ThrottlingRateLimit: throttleRate,
        ThrottlingBurstLimit: throttleBurst,
      },
      RouteSettings: Object.fromEntries(
        operations.flatMap((operation) => {
          const quota = getQuota(operation);
          if (quota >= throttleRate) return [];
          const settings = {
            DetailedMetricsEnabled: true,
            ThrottlingRateLimit: quota,
            ThrottlingBurstLimit: Math.max(1, Math.floor(quota)),
          };
          return operation.routes.map(({ method, path }) => [`${method} ${path}`, settings]);
        }),
      ),
    },
  };
}

/** Returns the default KMS quota in requests per second, or infinity for the service's own operations. */
function getQuota(operation: Operation): number {
  if (!isAwsOperation(operation)) return Number.POSITIVE_INFINITY;
  return requestsPerSecond(operation.requestQuota);
}
