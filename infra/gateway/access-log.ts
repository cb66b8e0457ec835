/**
 * The access log format. It contains the caller, route, time and result of a request. It omits paths, queries, headers and
 * bodies, because they may contain confidential data. The route already identifies the operation.
 *
 * Each value is quoted, because API Gateway writes `-` for a missing value, even instead of a number. The format uses
 * `$context.error.message`, because the value of `$context.error.messageString` is already quoted
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html).
 */
export const accessLogFormat = JSON.stringify({
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
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
});
