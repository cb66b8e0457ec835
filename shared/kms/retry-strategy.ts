import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { findAttempts } from './request-handler.ts';
import type { RetryBudget } from './retry-budget.ts';
import { maxPauseMs } from './timeout.ts';

type RetryStrategy = Extract<NonNullable<KMSClientConfig['retryStrategy']>, { acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/**
 * Creates the strategy that decides which requests the SDK sends again: requests whose connection failed or timed out,
 * and requests for which KMS returned a 5xx error, if their `Attempts` allow another attempt. Never repeats a throttled
 * request. The caller can retry after a pause, whereas a waiting function would use part of the account's concurrency.
 */
export function createRetryStrategy(budget: RetryBudget): RetryStrategy {
  const firstToken = createToken(0, 0);
  return {
    acquireInitialRetryToken: () => Promise.resolve(firstToken),
    refreshRetryTokenForRetry: (_token, { error, errorType }) => {
      const isFault = errorType === 'TRANSIENT' || errorType === 'SERVER_ERROR';
      if (!isFault || !budget.allowsRetry || !findAttempts(error)?.allowsRetry) return Promise.reject(error);
      budget.takeRetry();
      return Promise.resolve(createToken(1, Math.random() * maxPauseMs));
    },
    recordSuccess: (token) => budget.addSuccess(token !== firstToken),
  };
}

function createToken(retryCount: number, delayMs: number): RetryToken {
  return { getRetryCount: () => retryCount, getRetryDelay: () => delayMs };
}
