import { isObject } from '../../shared/declaration/json-object.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import { isRetrySafe } from '../../shared/declaration/retry-safety.ts';
import { KmsFunctionsClientError, UnreadableResponseError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { withDeadline } from './deadline.ts';
import { fromJson, toJson } from './json-values.ts';
import { mergeRetryOptions, type RetryOptions, withRetries } from './retry.ts';
import type { RetryBudget } from './retry-budget.ts';

/** Options for a single call. */
export interface CallOptions {
  /** Aborts the call. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time limit for the whole call in milliseconds, including response bodies, retries and the delays before them.
   * With each attempt, the client sends the remaining time, so that the function does not work longer than the caller
   * waits. Default: 30,000. Maximum: 999,999,999, which also replaces larger numbers.
   */
  readonly timeoutMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
}

const defaultTimeoutMs = 30_000;
/** The longest time that the functions accept. Also less than the longest timer. */
const maxTimeoutMs = 999_999_999;

/** The transport and the retry budget, which all calls of a client share. */
export interface CallEnvironment {
  readonly transport: Transport;
  readonly budget: RetryBudget;
}

/** Calls an operation: encodes the input, sends it with retries until the deadline, and decodes the response. */
export async function callOperation(
  { transport, budget }: CallEnvironment,
  operation: Operation,
  input: unknown,
  { signal, timeoutMs = defaultTimeoutMs, retry }: CallOptions,
): Promise<unknown> {
  if (!isObject(input)) throw new TypeError('The input must be an object.');
  const json = toJson(operation.input, input) as JsonObject;
  const isSafe = isRetrySafe(operation, json);
  const limits = { signal, timeoutMs: Math.min(timeoutMs, maxTimeoutMs) };
  const response = withDeadline(limits, (deadline) =>
    withRetries({ options: mergeRetryOptions(retry), isRetrySafe: isSafe, budget, deadline }, async () => {
      const remainingMs = Math.max(1, Math.floor(deadline.getRemainingMs()));
      const attemptLimits = { signal: deadline.signal, timeoutMs: remainingMs };
      const { body, requestId } = await transport.send(operation, json, attemptLimits);
      if (!isObject(body)) throw new UnreadableResponseError('the body is not a JSON object', { requestId });
      return fromJson(operation.output(), body);
    }),
  );
  return isSafe ? response : response.catch(rethrowAsNotRetryable);
}

/** Marks an error as not retryable if the operation may have been performed and a second call is not safe. */
function rethrowAsNotRetryable(error: unknown): never {
  const isUncertain = error instanceof KmsFunctionsClientError && (error.status === undefined || error.status >= 500);
  throw isUncertain ? Object.assign(error, { retryable: false }) : error;
}
