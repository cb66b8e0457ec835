import { isAwsOperation, type Operation } from '../../shared/declaration/operation.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { accessLogGroup } from '../deployment/logical-ids.ts';

/**
 * Format of the access log: caller, route, time and result. It omits paths, queries, headers and bodies, because they may
 * contain confidential data and the route identifies the operation
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

/** Builds the settings that are merged into the HTTP API stage that osls creates: access log, metrics, throttling. */
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

/** Returns the smallest request quota that KMS grants an account. KMS would throttle further requests. */
function getQuota(operation: Operation): number {
  if (!isAwsOperation(operation)) return Number.POSITIVE_INFINITY;
  return requestsPerSecond(operation.requestQuota);
}
