import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { findAttempts } from './request-handler.ts';
import { maxPauseMs } from './timeout.ts';

type RetryStrategy = Extract<NonNullable<KMSClientConfig['retryStrategy']>, { acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/** The retry budget of the SDK's standard strategy (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html). */
const maxTokens = 500;
const retryCost = 14;

/**
 * Creates the strategy that decides which requests the SDK sends again: requests whose connection failed or timed out,
 * and requests for which KMS returned a 5xx error, if their `Attempts` allow another attempt. Never repeats a throttled
 * request. The caller can retry after a pause, whereas a waiting function would use part of the account's concurrency.
 * A successful retry costs nothing, so the budget ends retries only while KMS keeps failing.
 */
export function createRetryStrategy(): RetryStrategy {
  const firstToken = createToken(0, 0);
  let tokens = maxTokens;
  return {
    acquireInitialRetryToken: () => Promise.resolve(firstToken),
    refreshRetryTokenForRetry: (_token, { error, errorType }) => {
      const isFault = errorType === 'TRANSIENT' || errorType === 'SERVER_ERROR';
      if (!isFault || tokens < retryCost || !findAttempts(error)?.allowsRetry) return Promise.reject(error);
      tokens -= retryCost;
      return Promise.resolve(createToken(1, Math.random() * maxPauseMs));
    },
    recordSuccess: (token) => {
      tokens = Math.min(maxTokens, tokens + (token === firstToken ? 1 : retryCost));
    },
  };
}

function createToken(retryCount: number, delayMs: number): RetryToken {
  return { getRetryCount: () => retryCount, getRetryDelay: () => delayMs };
}
