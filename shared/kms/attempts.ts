import type { Operation } from '../declaration/operation.ts';

/** The SDK's `standard` retries. Their retry quota ends them sooner if KMS fails call after call. */
export const maxAttempts = 3;
export const defaultAttemptTimeoutMs = 2_500;
/** The SDK pauses at most 500 ms before the second attempt and 1,000 ms before the third, after a throttled one. */
const pausesMs = 1_500;
/** Time left before Lambda ends the function: enough to respond with 504 and write the record. */
export const timeoutEarlyMs = 200;

/** Returns the timeout of a function: all attempts, their pauses, and time to respond. An HTTP API waits 30 s at most. */
export function getTimeoutSeconds({ attemptTimeoutMs = defaultAttemptTimeoutMs }: Pick<Operation, 'attemptTimeoutMs'>) {
  return Math.ceil((maxAttempts * attemptTimeoutMs + pausesMs + timeoutEarlyMs) / 1_000);
}
