import type { Operation } from '../declaration/operation.ts';

/**
 * The maximum number of attempts in the SDK's `standard` retry mode. The SDK's retry quota stops retries earlier if KMS
 * keeps failing.
 */
export const maxAttempts = 3;
export const defaultAttemptTimeoutMs = 2_500;
/**
 * The longest total pause between attempts. After a throttled attempt, the SDK pauses at most 500 ms before the second
 * attempt and 1,000 ms before the third.
 */
const pausesMs = 1_500;
/** The function stops waiting for KMS this long before its timeout, so that it can return 504 and write the call record. */
export const timeoutEarlyMs = 300;

/**
 * Returns a function's timeout, which covers all attempts, the pauses between them, and the response. An HTTP API waits
 * at most 30 s.
 */
export function getTimeoutSeconds({ attemptTimeoutMs = defaultAttemptTimeoutMs }: Pick<Operation, 'attemptTimeoutMs'>) {
  return Math.ceil((maxAttempts * attemptTimeoutMs + pausesMs + timeoutEarlyMs) / 1_000);
}
