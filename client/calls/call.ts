import { isObject } from '../../shared/declaration/json-object.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import { isRetrySafe } from '../../shared/declaration/retry-safety.ts';
import { UnreadableAnswerError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { withDeadline } from './deadline.ts';
import { fromJson, toJson } from './json-values.ts';
import { defaultRetry, type RetryOptions, withRetries } from './retry.ts';

/** What may be said of a single call. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** For the whole call, retries and their pauses included, in milliseconds. 30,000 by default. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
}

const defaultTimeoutMs = 30_000;

/** One call of one operation, whichever: all that methods and pages do. */
export async function call(
  transport: Transport,
  operation: Operation,
  input: unknown,
  { signal, timeoutMs = defaultTimeoutMs, retry }: CallOptions,
): Promise<unknown> {
  if (!isObject(input)) throw new TypeError('the input must be an object');
  const json = toJson(operation.input, input) as JsonObject;
  return withDeadline({ signal, timeoutMs }, (deadline) =>
    withRetries({ ...defaultRetry, ...retry }, isRetrySafe(operation, json), deadline, async () => {
      const { body, requestId } = await transport.send(operation, json, { signal: deadline });
      if (!isObject(body)) throw new UnreadableAnswerError('it is not a JSON object', { requestId });
      return fromJson(operation.output(), body);
    }),
  );
}
