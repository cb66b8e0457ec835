import type { JsonObject, Operation } from '../shared/declaration/operation.ts';
import { splitByLocation } from '../shared/http/split-by-location.ts';

const account = '000000000000';
/** The time of all sample events. A fixed time keeps each file unchanged until its operation changes. */
const time = { iso: '01/Jan/2026:00:00:00 +0000', epochMs: 1767225600000 };

/** Returns the event for a direct invocation, which is the example's AWS request as JSON. */
export function directEvent({ example }: Operation): JsonObject {
  return example.input;
}

/**
 * Returns the event that an HTTP API sends for the operation's first route, in payload version 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function httpEvent(operation: Operation): object {
  const [route] = operation.routes;
  const { path, query, body } = splitByLocation(operation, route, operation.example.input);
  const rawPath = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const rawQueryString = new URLSearchParams(query).toString();
  const hasBody = Object.keys(body).length > 0;
  return {
    version: '2.0',
    routeKey: `${route.method} ${route.path}`,
    rawPath,
    rawQueryString,
    headers: {
      accept: '*/*',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      host: 'api.example.com',
      'user-agent': 'curl/8.7.1',
    },
    ...(rawQueryString === '' ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: account,
      apiId: 'example',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: {
        method: route.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'curl/8.7.1',
      },
      requestId: 'example-request-id',
      routeKey: `${route.method} ${route.path}`,
      stage: '$default',
      time: time.iso,
      timeEpoch: time.epochMs,
    },
    ...(Object.keys(path).length === 0 ? {} : { pathParameters: path }),
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
    isBase64Encoded: false,
  };
}
