import { join } from 'node:path';
import { defaultRetry, type FailedAttempt, planRetry } from '../../../client/calls/retry.ts';
import { RetryBudget } from '../../../client/calls/retry-budget.ts';
import type { Sandbox } from './lambda.ts';

/** The state of a call in the client. */
export interface ClientState {
  attempts: number;
  getRemainingMs(): number;
}

/** What a function does after an attempt: it responds, or it waits and then sends the request again. */
export type NextStep = 'respond' | { readonly pauseMs: number };

/** The retries and time limits of a version of the product. */
export interface Product {
  /** Creates the retry rules of a client. Each rule returns the delay before the next attempt, if there is one. */
  createClient(): { onCall(): void; planRetry(error: FailedAttempt, state: ClientState): number | undefined };
  onThrottled(attempts: number, sandbox: Sandbox): NextStep;
  /** Returns the time limit for an attempt of a function with this much time left. */
  getAttemptMs(attempts: number, leftMs: number): number;
  readonly maxAttempts: number;
  /** The time that a function has for a call, without the time for its response. */
  readonly functionMs: number;
}

/** Imports the values of this version. */
export async function importNow(): Promise<Product> {
  const { timeLimitsMs } = await import('../../../shared/declaration/time-limits.ts');
  const { getTimeoutSeconds, maxPauseMs, timeoutEarlyMs } = await import('../../../shared/kms/timeout.ts');
  const { maxAttempts } = await import('../../../shared/kms/attempts.ts');
  const { firstAttempt } = timeLimitsMs.usual;
  return {
    createClient: () => {
      const budget = new RetryBudget();
      return {
        onCall: () => budget.addCall(),
        planRetry: (error, deadline) =>
          planRetry(error, { options: defaultRetry, isRetrySafe: true, budget, deadline }),
      };
    },
    onThrottled: () => 'respond',
    getAttemptMs: (attempts, leftMs) => {
      const hasSecond = attempts < maxAttempts && leftMs >= 2 * firstAttempt + maxPauseMs;
      return hasSecond ? firstAttempt : leftMs;
    },
    maxAttempts,
    functionMs: getTimeoutSeconds({}) * 1000 - timeoutEarlyMs,
  };
}

/** The SDK's standard retries (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html). */
const sdkRetries = { throttlingBaseMs: 500, maxDelayMs: 20_000, cost: 5 } as const;

/** Imports the values of the commit c69ec9f, or of a later commit that retries in the same way. */
export async function importBefore(root: string): Promise<Product> {
  const { maxAttempts, defaultAttemptTimeoutMs, timeoutEarlyMs, timeoutSecondsOf } = await import(
    join(root, 'shared/kms/attempts.ts')
  );
  const { defaultRetry: retry } = (await import(join(root, 'client/calls/retry.ts'))) as {
    defaultRetry: Required<typeof defaultRetry>;
  };
  return {
    createClient: () => ({
      onCall: () => undefined,
      planRetry: ({ retryAfterMs = 0 }, { attempts }) => {
        if (attempts >= retry.attempts) return undefined;
        const backoffMs = Math.random() * Math.min(retry.maxDelayMs, retry.baseDelayMs * 2 ** (attempts - 1));
        return Math.max(retryAfterMs, backoffMs);
      },
    }),
    onThrottled: (attempts, sandbox) => {
      if (attempts >= maxAttempts || sandbox.retryTokens < sdkRetries.cost) return 'respond';
      sandbox.retryTokens -= sdkRetries.cost;
      const limitMs = Math.min(sdkRetries.maxDelayMs, sdkRetries.throttlingBaseMs * 2 ** (attempts - 1));
      return { pauseMs: Math.random() * limitMs };
    },
    getAttemptMs: (_attempts, leftMs) => Math.min(leftMs, defaultAttemptTimeoutMs),
    maxAttempts,
    functionMs: timeoutSecondsOf({}) * 1000 - timeoutEarlyMs,
  };
}
