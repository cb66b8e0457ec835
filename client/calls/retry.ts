import { KmsFunctionsClientError } from '../errors.ts';
import { pause } from './deadline.ts';

/** When, and how often, a call is tried again. */
export interface RetryOptions {
  /** Attempts in all, the first included; 1 never tries again. 3 by default. */
  readonly attempts?: number;
  /** The longest first pause, in milliseconds; it doubles with each attempt, and a pause is a random part of it. 100 by default. */
  readonly baseDelayMs?: number;
  /** The longest pause of our own choice, in milliseconds. 5,000 by default. */
  readonly maxDelayMs?: number;
  /** The longest Retry-After that is waited for, in milliseconds; a longer one ends the call with its error. 20,000 by default. */
  readonly maxRetryAfterMs?: number;
}

export const defaultRetry = { attempts: 3, baseDelayMs: 100, maxDelayMs: 5_000, maxRetryAfterMs: 20_000 } as const;

/** Calls `attempt` until it succeeds, may not be tried again, or has been tried often enough. */
export async function withRetries<T>(
  options: Required<RetryOptions>,
  isRetrySafe: boolean,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts >= options.attempts || !mayRetry(error, isRetrySafe)) throw error;
      const { retryAfterMs = 0 } = error;
      if (retryAfterMs > options.maxRetryAfterMs) throw error;
      await pause(Math.max(retryAfterMs, backOffMs(attempts, options)), signal);
    }
  }
}

/** Calls that are not safe to repeat are retried only if they were throttled: no other error proves that nothing was done. */
function mayRetry(error: unknown, isRetrySafe: boolean): error is KmsFunctionsClientError {
  return error instanceof KmsFunctionsClientError && error.retryable && (isRetrySafe || error.status === 429);
}

/** Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
function backOffMs(attempts: number, { baseDelayMs, maxDelayMs }: Required<RetryOptions>): number {
  return Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1));
}
