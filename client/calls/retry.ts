import { compact } from '../../shared/declaration/json-object.ts';
import { KmsFunctionsClientError } from '../errors.ts';
import { type Deadline, delay } from './deadline.ts';
import type { RetryBudget } from './retry-budget.ts';

/** Configures how often a call is retried, and how long the client waits before each retry. */
export interface RetryOptions {
  /** The number of attempts, including the first; 1 disables retries. Default: 3. */
  readonly attempts?: number;
  /**
   * The upper limit for the random part of the delay before the first retry, in milliseconds. The limit doubles with
   * each attempt. Default: 100.
   */
  readonly baseDelayMs?: number;
  /** The upper limit for the random part of every delay, in milliseconds. Default: 5,000. */
  readonly maxDelayMs?: number;
  /**
   * The longest Retry-After delay that the client accepts, in milliseconds. If Retry-After is longer, the client does
   * not retry, and the call rejects with the error. Default: 20,000.
   */
  readonly maxRetryAfterMs?: number;
}

export const defaultRetry = { attempts: 3, baseDelayMs: 100, maxDelayMs: 5_000, maxRetryAfterMs: 20_000 } as const;

/** Merges options and the defaults; later options take precedence. Without types, an option may be present but `undefined`. */
export function mergeRetryOptions(...options: readonly (RetryOptions | undefined)[]): Required<RetryOptions> {
  return Object.assign({ ...defaultRetry }, ...options.map((each) => compact({ ...each })));
}

/**
 * The minimum delay after a 429 or 503 without Retry-After. API Gateway sends no Retry-After, and its throttles are token
 * buckets that refill each second (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html).
 */
const throttledDelayMs = 1_000;

/** The conditions under which a call is retried. */
export interface RetryConditions {
  readonly options: Required<RetryOptions>;
  readonly isRetrySafe: boolean;
  readonly budget: RetryBudget;
  readonly deadline: Pick<Deadline, 'attempts' | 'getRemainingMs'>;
}

/** Runs `attempt` until it succeeds, fails with an error that must not be retried, or has run `options.attempts` times. */
export async function withRetries<T>(
  conditions: RetryConditions & { readonly deadline: Deadline },
  attempt: () => Promise<T>,
): Promise<T> {
  const { budget, deadline } = conditions;
  budget.addCall();
  for (;;) {
    deadline.attempts += 1;
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof KmsFunctionsClientError)) throw error;
      Object.assign(error, { attempts: deadline.attempts });
      const delayMs = planRetry(error, conditions);
      if (delayMs === undefined) throw error;
      await delay(delayMs, deadline.signal);
    }
  }
}

/** The members of an error that decide about a retry. */
export type FailedAttempt = Pick<KmsFunctionsClientError, 'retryable' | 'status' | 'code' | 'retryAfterMs'>;

/** Returns the delay before the next attempt, and takes it from the budget. Returns `undefined` if there is none. */
export function planRetry(error: FailedAttempt, conditions: RetryConditions): number | undefined {
  const { options, isRetrySafe, budget, deadline } = conditions;
  if (deadline.attempts >= options.attempts || !mayRetry(error, isRetrySafe)) return undefined;
  if ((error.retryAfterMs ?? 0) > options.maxRetryAfterMs) return undefined;
  const delayMs = chooseDelayMs(error, deadline.attempts, options);
  if (delayMs >= deadline.getRemainingMs()) return undefined;
  if (mayBeOverload(error) && !budget.takeRetry()) return undefined;
  return delayMs;
}

/**
 * Returns `true` if a call may be retried. A call that is not safe to repeat is retried only after throttling, because
 * after any other error the operation may have been performed. The function returns TimeoutError only after its own
 * retries, so another retry would multiply the load on a slow KMS.
 */
function mayRetry({ retryable, status, code }: FailedAttempt, isRetrySafe: boolean): boolean {
  return retryable && (status === 429 || (isRetrySafe && code !== 'TimeoutError'));
}

/**
 * Returns `true` if overload may have caused the error. Load does not cause other retryable errors, such as
 * TagNotBoundError.
 */
function mayBeOverload({ status }: FailedAttempt): boolean {
  return status === undefined || status === 429 || status >= 500;
}

/**
 * Returns `true` if a throttle may have rejected the attempt. API Gateway returns 500 or 503 if Lambda throttles the
 * function (https://repost.aws/questions/QUfI6bsdd0SOiPeyimzxSkfQ).
 */
function mayBeThrottled({ status, code }: FailedAttempt): boolean {
  return status === 429 || status === 503 || (status === 500 && code === 'GatewayError');
}

/**
 * Chooses a delay with exponential backoff and full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Adds the delay to Retry-After, so that
 * throttled callers do not return at the same moment.
 */
function chooseDelayMs(
  error: FailedAttempt,
  attempts: number,
  { baseDelayMs, maxDelayMs }: Required<RetryOptions>,
): number {
  const minimumMs = error.retryAfterMs ?? (mayBeThrottled(error) ? throttledDelayMs : 0);
  return minimumMs + Math.random() * Math.min(maxDelayMs, Math.max(baseDelayMs, minimumMs) * 2 ** (attempts - 1));
}
