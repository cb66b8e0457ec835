import { allOperations } from '../functions/all-operations.ts';
import { functionName, type Operation } from '../shared/declaration/operation.ts';
import { type CallOptions, callOperation } from './calls/call-operation.ts';
import { mergeRetryOptions } from './calls/retry.ts';
import { RetryBudget, type RetryBudgetOptions } from './calls/retry-budget.ts';
import type { Client } from './client.ts';
import { isPaged, paginate } from './pages.ts';
import type { Transport } from './transport.ts';

/** A client's transport, and the default options for its calls. */
export interface ClientOptions extends Pick<CallOptions, 'signal' | 'timeoutMs' | 'retry'> {
  /** The transport that sends calls to the functions: `http(…)`, `lambda(…)` or `inProcess(…)`. */
  readonly transport: Transport;
  /**
   * Limits the total number of retries that this client sends. Default: one retry per ten calls, and ten retries at the
   * start.
   */
  readonly retryBudget?: RetryBudgetOptions | undefined;
}

/**
 * Creates a client with a method for each operation. `signal`, `timeoutMs` and `retry` apply to every call that does not
 * override them.
 *
 * @example
 * ```ts
 * const client = createClient({
 *   transport: http({
 *     endpoint: 'https://abc123.execute-api.eu-west-1.amazonaws.com',
 *     region: 'eu-west-1',
 *     credentials: fromNodeProviderChain(),
 *   }),
 * });
 * const { Keys } = await client.listKeys({ Limit: 10 });
 * ```
 */
export function createClient({ transport, retryBudget, ...defaults }: ClientOptions): Client {
  const environment = { transport, budget: new RetryBudget(retryBudget) };
  const send = (operation: Operation, input: object, options: CallOptions = {}) =>
    callOperation(environment, operation, input, {
      ...options,
      signal: options.signal ?? defaults.signal,
      timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
      retry: mergeRetryOptions(defaults.retry, options.retry),
    });
  const methods = allOperations.map((operation) => [
    functionName(operation),
    (input: object = {}, options?: CallOptions) => send(operation, input, options),
  ]);
  const pages = allOperations
    .filter(isPaged)
    .map((operation) => [
      functionName(operation),
      (input: object = {}, options?: CallOptions) =>
        paginate(input, (pageInput) => send(operation, pageInput, options) as Promise<object>),
    ]);
  return Object.fromEntries([...methods, ['paginate', Object.fromEntries(pages)]]) as Client;
}
