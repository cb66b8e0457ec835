import type { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { type HttpResponse, securityHeaders } from './http-response.ts';

const retryAfterSeconds = 1;

/** Builds the HTTP response for an error: a problem document (RFC 9457). */
export function buildProblem(error: KmsFunctionsError, requestId: string): HttpResponse {
  const { status, title } = error.entry;
  const mayRetryLater = error.isRetryable && (status === 409 || status === 429 || status === 503);
  return {
    statusCode: status,
    headers: {
      ...securityHeaders,
      'content-type': 'application/problem+json',
      ...(mayRetryLater ? { 'retry-after': String(retryAfterSeconds) } : {}),
    },
    body: JSON.stringify({
      type: `urn:kms-functions:error:${error.code}`,
      title,
      status,
      detail: error.message,
      code: error.code,
      requestId,
      retryable: error.isRetryable,
      errors: error.errors,
    }),
    isBase64Encoded: false,
  };
}
