import { buildRequest } from '../client/http/build-request.ts';
import { type HttpResponse, readResponse } from '../client/http/read-response.ts';
import type { AttemptLimits, TransportResponse } from '../client/index.ts';
import { defaultAccount } from '../emulator/core/credential.ts';
import { gatewayAlias } from '../shared/config/resource-names.ts';
import { parseArn } from '../shared/declaration/arn.ts';
import { functionName, type JsonObject, maxEventBytes, type Operation } from '../shared/declaration/operation.ts';
import { timeoutHeader } from '../shared/declaration/timeout-header.ts';
import { toClaimTexts } from '../shared/http/claim-texts.ts';
import type { HttpResponse as FunctionResponse } from '../shared/http/http-response.ts';
import { getTimeoutSeconds } from '../shared/kms/timeout.ts';
import type { FunctionHandler, FunctionSet } from './function-set.ts';
import type { TestCaller } from './options.ts';

/** A call as the API receives it. */
export interface ApiCall {
  readonly operation: Operation;
  readonly input: JsonObject;
  readonly limits: AttemptLimits;
  readonly caller: TestCaller | undefined;
}

/** Answers a call as an HTTP API and its function do: the event, the invocation, and the response or error. */
export async function answerCall(functions: FunctionSet, region: string, call: ApiCall): Promise<TransportResponse> {
  const requestId = crypto.randomUUID();
  const event = buildEvent(call, requestId);
  // The limit of an HTTP API, 10 MB, is above the limit of Lambda.
  if (Buffer.byteLength(JSON.stringify(event)) > maxEventBytes) return readResponse(tooLarge(requestId));
  const handler = functions[functionName(call.operation)] as FunctionHandler;
  const result = await handler(event, buildContext(call.operation, region));
  const { statusCode, headers, body } = result as FunctionResponse;
  return readResponse({
    status: statusCode,
    headers: new Headers({ ...headers, 'apigw-requestid': requestId }),
    text: body,
  });
}

/**
 * Builds an event in payload version 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
function buildEvent({ operation, input, limits, caller }: ApiCall, requestId: string): object {
  const { route, method, path, pathParameters, query, body } = buildRequest(operation, input);
  const routeKey = `${method} ${route.path}`;
  const now = new Date();
  const hasQuery = Object.keys(query).length > 0;
  return {
    version: '2.0',
    routeKey,
    rawPath: decodeURIComponent(path),
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      accept: 'application/json',
      [timeoutHeader]: String(limits.timeoutMs),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(hasQuery && { queryStringParameters: query }),
    requestContext: {
      apiId: 'local',
      ...(caller !== undefined && { authorizer: buildAuthorizer(caller) }),
      http: { method, path: decodeURIComponent(path), protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId,
      routeKey,
      stage: '$default',
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

function buildAuthorizer(caller: TestCaller): object {
  if ('claims' in caller) return { jwt: { claims: toClaimTexts(caller.claims), scopes: null } };
  const { userArn } = caller;
  return { iam: { userArn, accountId: parseArn(userArn)?.accountId } };
}

/** Only a function that is invoked through this alias trusts the identity in an event. */
function buildContext(operation: Operation, region: string): object {
  const endMs = Date.now() + getTimeoutSeconds(operation) * 1000;
  const name = `kms-functions-local-${functionName(operation)}`;
  return {
    awsRequestId: crypto.randomUUID(),
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${defaultAccount}:function:${name}:${gatewayAlias}`,
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => endMs - Date.now(),
  };
}

/** The response of API Gateway itself. */
function tooLarge(requestId: string): HttpResponse {
  const headers = new Headers({ 'content-type': 'application/json', 'apigw-requestid': requestId });
  return { status: 413, headers, text: JSON.stringify({ message: 'Request Entity Too Large' }) };
}
