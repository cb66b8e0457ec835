import type { HttpAnswer } from '../http/http-response.ts';
import { securityHeaders } from '../http/http-response.ts';
import type { KmsFunctionsError } from './kms-functions-error.ts';

const retryAfterSeconds = 1;

/** RFC 9457 problem for an error, as an HTTP answer. */
export function problem(error: KmsFunctionsError, requestId: string): HttpAnswer {
  const { status, title, retryable = false } = error.entry;
  return {
    statusCode: status,
    headers: {
      ...securityHeaders,
      'content-type': 'application/problem+json',
      ...(status === 429 || status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {}),
    },
    body: JSON.stringify({
      type: `urn:kms-functions:error:${error.code}`,
      title,
      status,
      detail: error.message,
      code: error.code,
      requestId,
      retryable,
      ...(error.errors === undefined ? {} : { errors: error.errors }),
    }),
    isBase64Encoded: false,
  };
}
