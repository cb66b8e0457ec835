import type { IncomingHttpHeaders } from 'node:http';
import { idempotencyKeyHeader, replayHeader } from '../../shared/declaration/idempotency-key.ts';
import type { Reply } from './front.ts';

/** Matches web pages from this machine, on any port. */
const localOrigin = /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/;
const allowedMethods = ['GET', 'POST', 'PUT', 'DELETE'];
const allowedHeaders = [
  'content-type',
  'authorization',
  'kms-timeout-ms',
  'kms-parameters',
  idempotencyKeyHeader,
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
];
const exposedHeaders = ['retry-after', 'apigw-requestid', 'kms-parameters', replayHeader];

/** Returns the CORS headers for a response. Only web pages from this machine and of `origins` may read responses. */
export function buildCorsHeaders({ origin }: IncomingHttpHeaders, origins: readonly string[]): Record<string, string> {
  if (origin === undefined || !(localOrigin.test(origin) || origins.includes(origin))) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposedHeaders.join(','),
    vary: 'origin',
  };
}

/**
 * Answers a preflight request, for which an API with CORS needs no route
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html). Returns `undefined` for all other
 * requests.
 */
export function answerPreflight(
  method: string,
  headers: IncomingHttpHeaders,
  origins: readonly string[],
): Reply | undefined {
  if (method !== 'OPTIONS' || headers.origin === undefined) return undefined;
  if (headers['access-control-request-method'] === undefined) return undefined;
  const cors = buildCorsHeaders(headers, origins);
  const isAllowed = Object.keys(cors).length > 0;
  return {
    status: 204,
    headers: isAllowed
      ? {
          ...cors,
          'access-control-allow-methods': allowedMethods.join(','),
          'access-control-allow-headers': allowedHeaders.join(','),
        }
      : {},
    body: '',
  };
}
