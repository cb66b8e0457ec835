import { isObject } from '../../shared/declaration/json-object.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import { isRetrySafe } from '../../shared/declaration/retry-safety.ts';
import { KmsFunctionsClientError, UnreadableResponseError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { withDeadline } from './deadline.ts';
import { fromJson, toJson } from './json-values.ts';
import { defaultRetry, type RetryOptions, withRetries } from './retry.ts';

/** Options for a single call. */
export interface CallOptions {
  /** Aborts the call. The call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit for the whole call, including retries and the delays before them, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
}

const defaultTimeoutMs = 30_000;

/** Calls an operation: encodes the input, sends it with retries until the deadline, and decodes the response. */
export async function callOperation(
  transport: Transport,
  operation: Operation,
  input: unknown,
  { signal, timeoutMs = defaultTimeoutMs, retry }: CallOptions,
): Promise<unknown> {
  if (!isObject(input)) throw new TypeError('The input must be an object.');
  const json = toJson(operation.input, input) as JsonObject;
  const isSafe = isRetrySafe(operation, json);
  const response = withDeadline({ signal, timeoutMs }, (deadline) =>
    withRetries({ ...defaultRetry, ...retry }, isSafe, deadline, async () => {
      const { body, requestId } = await transport.send(operation, json, { signal: deadline });
      if (!isObject(body)) throw new UnreadableResponseError('the body is not a JSON object', { requestId });
      return fromJson(operation.output(), body);
    }),
  );
  return isSafe ? response : response.catch(rethrowAsNotRetryable);
}

/** Marks an error as not retryable if the operation may have been performed, although a second call is not safe. */
function rethrowAsNotRetryable(error: unknown): never {
  const isUncertain = error instanceof KmsFunctionsClientError && (error.status === undefined || error.status >= 500);
  throw isUncertain ? Object.assign(error, { retryable: false }) : error;
}
