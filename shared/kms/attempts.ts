import type { Operation } from '../declaration/operation.ts';
import { timeLimitsMs } from '../declaration/time-limits.ts';

/**
 * The maximum number of attempts in the SDK's `standard` retry mode. The SDK's retry quota stops retries earlier if KMS
 * keeps failing.
 */
export const maxAttempts = 3;
/**
 * The longest total pause between attempts. After a throttled attempt, the SDK pauses at most 500 ms before the second
 * attempt and 1,000 ms before the third.
 */
const pausesMs = 1_500;
/** The time for looking up a key and its tags before a request that is sent only once. */
const lookupsMs = 2 * timeLimitsMs.usual;
/** The function stops waiting for KMS this long before its timeout, so that it can return 504 and write the call record. */
export const timeoutEarlyMs = 300;

/** Returns the time limit for one request to KMS. */
export function getAttemptTimeoutMs({ timeLimit = 'usual' }: Pick<Operation, 'timeLimit'>): number {
  return timeLimitsMs[timeLimit];
}

/**
 * Returns a function's timeout, which covers all attempts, the pauses between them, and the response. An HTTP API waits
 * at most 30 s.
 */
export function getTimeoutSeconds(operation: Pick<Operation, 'timeLimit' | 'retrySafety'>): number {
  const { retrySafety } = operation;
  const isSentOnce = retrySafety !== 'safe' && retrySafety.safeWith === undefined;
  const limitMs = getAttemptTimeoutMs(operation);
  const callMs = isSentOnce ? lookupsMs + limitMs : maxAttempts * limitMs + pausesMs;
  return Math.ceil((callMs + timeoutEarlyMs) / 1_000);
}
