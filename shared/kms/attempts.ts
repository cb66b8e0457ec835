import type { Operation } from '../declaration/operation.ts';

/** Of the SDK's `standard` retries, whose own budget ends them sooner where KMS fails call after call. */
export const maxAttempts = 3;
export const defaultAttemptTimeoutMs = 2_500;
/** The SDK's pauses before the second and the third attempt are at most 500 and 1,000 ms, after a throttled one. */
const pausesMs = 1_500;
/** Before Lambda would end the function: enough to answer 504 and write the record. */
export const timeoutEarlyMs = 200;

/** A function's time-out: all attempts, their pauses, and time to answer. An HTTP API waits for 30 s at most. */
export function timeoutSecondsOf({ attemptTimeoutMs = defaultAttemptTimeoutMs }: Pick<Operation, 'attemptTimeoutMs'>) {
  return Math.ceil((maxAttempts * attemptTimeoutMs + pausesMs + timeoutEarlyMs) / 1_000);
}
