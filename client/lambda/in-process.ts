import { functionName } from '../../shared/declaration/operation.ts';
import { timeoutHeader } from '../../shared/declaration/timeout-header.ts';
import type { MethodName } from '../operation-types.ts';
import type { Transport } from '../transport.ts';
import { readFunctionError } from './read-function-error.ts';

/** A Lambda handler. */
export type InvokableHandler = (event: unknown, context: never) => unknown;

export interface InProcessOptions {
  /** The handlers by method name. A method without a handler rejects with a TypeError. */
  readonly handlers: { readonly [Name in MethodName]?: InvokableHandler };
  /**
   * The time limit of each call, in milliseconds. `context.getRemainingTimeInMillis` counts down from this limit.
   * Default: 10,000.
   */
  readonly timeoutMs?: number;
}

/**
 * Creates a transport that invokes handlers directly in the same process. Intended for tests.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: inProcess({ handlers: { encrypt: () => ({ CiphertextBlob: 'AQID' }) } }) });
 * ```
 */
export function inProcess({ handlers, timeoutMs = 10_000 }: InProcessOptions): Transport {
  return {
    async send(operation, input, limits) {
      const name = functionName(operation);
      const handler = handlers[name as MethodName];
      if (handler === undefined) throw new TypeError(`There is no handler for ${name}. Add it to \`handlers\`.`);
      const requestId = crypto.randomUUID();
      const endMs = Date.now() + timeoutMs;
      const clientContext = { custom: { [timeoutHeader]: String(limits.timeoutMs) } };
      const context = {
        awsRequestId: requestId,
        functionName: name,
        functionVersion: '$LATEST',
        clientContext,
        getRemainingTimeInMillis: () => endMs - Date.now(),
      };
      try {
        // Converts to JSON and back, as Lambda does, so that the client and the handler do not share objects.
        const body = await handler(copyThroughJson(input), context as never);
        return { body: copyThroughJson(body), requestId };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        throw readFunctionError({ errorType, errorMessage }, requestId);
      }
    },
  };
}

function copyThroughJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
