import { isAwsOperation, type Operation } from '../../shared/declaration/operation.ts';
import { requestsPerSecond } from '../../shared/declaration/request-quotas.ts';
import type { Deployment } from '../deployment.ts';
import { accessLogGroup } from '../log-groups.ts';

/** Logical ids that osls gives. */
export const httpApi = 'HttpApi';
export const httpApiStage = 'HttpApiStage';

/**
 * Who called which route, when, and how it ended. No path, query, header or body: the route says enough, and what a
 * caller puts into a path is not ours to keep
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

/** What is laid over the stage of the HTTP API that osls makes. */
export function stageExtension(deployment: Deployment, operations: readonly Operation[]): object {
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
          const perSecond = perSecondAtKms(operation);
          if (perSecond >= throttleRate) return [];
          const settings = {
            DetailedMetricsEnabled: true,
            ThrottlingRateLimit: perSecond,
            ThrottlingBurstLimit: Math.max(1, Math.floor(perSecond)),
          };
          return operation.routes.map(({ method, path }) => [`${method} ${path}`, settings]);
        }),
      ),
    },
  };
}

/** What KMS takes of an account at the least: more than that would only be throttled there, and try again. */
function perSecondAtKms(operation: Operation): number {
  if (!isAwsOperation(operation)) return Number.POSITIVE_INFINITY;
  return requestsPerSecond(operation.requestQuota);
}
