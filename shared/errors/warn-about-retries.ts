import type { UnsafeRetry } from '../declaration/operation.ts';
import { KmsFunctionsError } from './kms-functions-error.ts';

/**
 * Marks an error as not retryable if KMS may have executed a request that must not be repeated. `sent` explains how a
 * caller can find out whether KMS executed the request, and is `undefined` if no such request was sent. KMS does not
 * execute a request that it rejects with a 4xx error.
 */
export function warnAboutRetries(
  error: KmsFunctionsError,
  sent: UnsafeRetry | undefined,
  requestId: string,
): KmsFunctionsError {
  if (sent === undefined || error.entry.status < 500) return error;
  const advice = `KMS may have executed the request ${requestId}. ${sent.check}`;
  return new KmsFunctionsError(error.code, `${error.message} ${advice}`, {
    errors: error.errors,
    cause: error.cause,
    isRetryable: false,
  });
}
