import { functionName } from '../../shared/declaration/operation.ts';
import type { MethodName } from '../requests.ts';
import type { Transport } from '../transport.ts';
import { directFailure } from './direct-failure.ts';

/** A Lambda handler, as far as it matters here. */
export type InvokableHandler = (event: unknown, context: never) => unknown;

export interface InProcessOptions {
  /** The handlers by the names of their functions. A call of one that is not here is a TypeError. */
  readonly handlers: { readonly [Name in MethodName]?: InvokableHandler };
  /** How long the handlers are told that they have, in milliseconds. 10,000 by default. */
  readonly timeoutMs?: number;
}

/** Calls handlers in this process, as Lambda invokes them directly: for tests. */
export function inProcess({ handlers, timeoutMs = 10_000 }: InProcessOptions): Transport {
  return {
    async send(operation, input) {
      const name = functionName(operation);
      const handler = handlers[name as MethodName];
      if (handler === undefined) throw new TypeError(`there is no handler of the name ${name}`);
      const requestId = crypto.randomUUID();
      const endMs = Date.now() + timeoutMs;
      const context = {
        awsRequestId: requestId,
        functionName: name,
        functionVersion: '$LATEST',
        getRemainingTimeInMillis: () => endMs - Date.now(),
      };
      try {
        // By way of JSON, as Lambda does it: neither side sees the other's objects.
        const body = await handler(throughJson(input), context as never);
        return { body: throughJson(body), requestId };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        throw directFailure({ errorType, errorMessage }, requestId);
      }
    },
  };
}

function throughJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
