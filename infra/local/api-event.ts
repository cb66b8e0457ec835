import type { IncomingMessage } from 'node:http';
import { defaultAccount } from '../../emulator/core/credential.ts';
import type { CallerIdentity } from './callers/authorize.ts';
import { localApiId } from './callers/authorize-route.ts';
import type { MatchedRoute } from './routes.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Builds the event that an HTTP API sends to a function, in payload version 2.0. Names of headers are in lower case, and
 * several values of one header or query parameter are joined with commas
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function buildApiEvent(
  message: IncomingMessage,
  body: Buffer,
  matched: MatchedRoute,
  requestId: string,
  identity?: CallerIdentity,
) {
  const { route, parameters } = matched;
  const url = new URL(message.url ?? '/', 'http://localhost');
  const headers = joinValues(message.headersDistinct);
  const query = joinValues(readQuery(url));
  const routeKey = `${route.method} ${route.path}`;
  const now = new Date();
  const host = headers.host ?? 'localhost';
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: identity === undefined ? 'anonymous' : defaultAccount,
      apiId: localApiId,
      ...(identity === undefined ? {} : { authorizer: identity }),
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: route.method,
        path: url.pathname,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: formatTime(now),
      timeEpoch: now.getTime(),
    },
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    ...encodeBody(body, headers['content-type']),
  };
}

/**
 * Encodes a body as base64 unless it is text. API Gateway does not document its rule; binary content is in base64
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
function encodeBody(body: Buffer, type: string | undefined): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = type !== undefined && /^(text\/|application\/(json|javascript|xml|([\w.-]+\+)?json))/i.test(type);
  return isText
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function readQuery(url: URL): Record<string, string[]> {
  const names = new Set(url.searchParams.keys());
  return Object.fromEntries([...names].map((name) => [name, url.searchParams.getAll(name)]));
}

function joinValues(values: Readonly<Record<string, readonly string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, list]) => [name, (list ?? []).join(',')]));
}

/** Formats a time such as `12/Mar/2026:19:03:58 +0000`. */
function formatTime(time: Date): string {
  const day = String(time.getUTCDate()).padStart(2, '0');
  return `${day}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}:${time.toISOString().slice(11, 19)} +0000`;
}
