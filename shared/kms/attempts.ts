import type { Operation } from '../declaration/operation.ts';

/** The number of attempts in the SDK's `standard` retry mode. Its retry quota stops retries earlier if KMS keeps failing. */
export const maxAttempts = 3;
export const defaultAttemptTimeoutMs = 2_500;
/** After a throttled attempt, the SDK pauses at most 500 ms before the second attempt and 1,000 ms before the third. */
const pausesMs = 1_500;
/** How long before its timeout the function stops waiting for KMS, so that it can respond with 504 and write the record. */
export const timeoutEarlyMs = 200;

/** Returns the timeout of a function: all attempts, their pauses, and time to respond. An HTTP API waits at most 30 s. */
export function getTimeoutSeconds({ attemptTimeoutMs = defaultAttemptTimeoutMs }: Pick<Operation, 'attemptTimeoutMs'>) {
  return Math.ceil((maxAttempts * attemptTimeoutMs + pausesMs + timeoutEarlyMs) / 1_000);
}
