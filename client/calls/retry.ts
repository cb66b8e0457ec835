import { KmsFunctionsClientError } from '../errors.ts';
import { delay } from './deadline.ts';

/** Configures how often a call is retried, and how long the client waits before each retry. */
export interface RetryOptions {
  /** The number of attempts, including the first; 1 disables retries. Default: 3. */
  readonly attempts?: number;
  /**
   * The upper limit for the delay before the first retry, in milliseconds. The limit doubles with each attempt, and
   * each delay is a random time below the limit. Default: 100.
   */
  readonly baseDelayMs?: number;
  /** The upper limit for every delay that the client chooses, in milliseconds. Default: 5,000. */
  readonly maxDelayMs?: number;
  /**
   * The longest Retry-After delay that the client accepts, in milliseconds. If Retry-After is longer, the call is not
   * retried and rejects with the error. Default: 20,000.
   */
  readonly maxRetryAfterMs?: number;
}

export const defaultRetry = { attempts: 3, baseDelayMs: 100, maxDelayMs: 5_000, maxRetryAfterMs: 20_000 } as const;

/** Runs `attempt` until it succeeds, fails with an error that must not be retried, or has run `attempts` times. */
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
      await delay(Math.max(retryAfterMs, chooseDelayMs(attempts, options)), signal);
    }
  }
}

/**
 * Returns `true` if a call may be retried. A call that is not safe to repeat is retried only after throttling, because
 * after any other error the operation may have been performed.
 */
function mayRetry(error: unknown, isRetrySafe: boolean): error is KmsFunctionsClientError {
  return error instanceof KmsFunctionsClientError && error.retryable && (isRetrySafe || error.status === 429);
}

/** Chooses a delay with exponential backoff and full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). */
function chooseDelayMs(attempts: number, { baseDelayMs, maxDelayMs }: Required<RetryOptions>): number {
  return Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1));
}
