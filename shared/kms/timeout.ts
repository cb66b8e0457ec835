import type { Operation } from '../declaration/operation.ts';
import { timeLimitsMs } from '../declaration/time-limits.ts';

/**
 * The time between a call's deadline and the function's timeout. In this time, the function returns 504 and writes the
 * call record.
 */
export const timeoutEarlyMs = 300;

/** The longest pause between the attempts of a request. */
export const maxPauseMs = 50;

/** Returns a function's timeout, which covers both attempts of a request, the pause between them, and the response. */
export function getTimeoutSeconds({ timeLimit = 'usual' }: Pick<Operation, 'timeLimit'>): number {
  const { firstAttempt, lastAttempt } = timeLimitsMs[timeLimit];
  return Math.ceil((firstAttempt + maxPauseMs + lastAttempt + timeoutEarlyMs) / 1_000);
}
