import { allOperations } from '../functions/all-operations.ts';
import { functionName, type Operation } from '../shared/declaration/operation.ts';
import { type CallOptions, call } from './calls/call.ts';
import type { Client } from './client.ts';
import { isPaged, paginate } from './paginate.ts';
import type { Transport } from './transport.ts';

export interface ClientOptions extends Pick<CallOptions, 'timeoutMs' | 'retry'> {
  /** How calls reach the functions: `http(…)`, `lambda(…)` or `inProcess(…)`. */
  readonly transport: Transport;
}

/** A client of all operations. `timeoutMs` and `retry` hold for every call that does not say otherwise. */
export function createClient({ transport, ...defaults }: ClientOptions): Client {
  const ask = (operation: Operation, input: object, options: CallOptions = {}) =>
    call(transport, operation, input, {
      ...options,
      timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
      retry: { ...defaults.retry, ...options.retry },
    });
  const methods = allOperations.map((operation) => [
    functionName(operation),
    (input: object = {}, options?: CallOptions) => ask(operation, input, options),
  ]);
  const pages = allOperations
    .filter(isPaged)
    .map((operation) => [
      functionName(operation),
      (input: object = {}, options?: CallOptions) =>
        paginate(input, (page) => ask(operation, page, options) as Promise<object>),
    ]);
  return Object.fromEntries([...methods, ['paginate', Object.fromEntries(pages)]]) as Client;
}
