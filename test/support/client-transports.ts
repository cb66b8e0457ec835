import type { InvokableHandler, Invoker } from '../../client/index.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { createContext, loadHandler } from './handlers.ts';
import { operations } from './operations.ts';

/** Loads the handlers of all operations, by function name. */
export async function loadAllHandlers(): Promise<Record<string, Handler>> {
  const entries = operations.map(async (operation) => [functionName(operation), await loadHandler(operation)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Converts handlers to the type that `inProcess` accepts. */
export function asInvokable(handlers: Record<string, Handler>): Record<string, InvokableHandler> {
  return handlers as Record<string, InvokableHandler>;
}

/** Creates an invoker that calls handlers in this process, like the AWS SDK. Function names have the form `test-NAME`. */
export function createInvoker(handlers: Record<string, Handler>): Invoker {
  return {
    async invoke({ FunctionName, Payload }) {
      const context = createContext();
      const $metadata = { requestId: context.awsRequestId };
      const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
      const handler = handlers[FunctionName.replace(/^test-/, '')];
      if (handler === undefined) throw new Error(`There is no function ${FunctionName}.`);
      try {
        return { Payload: encode(await handler(JSON.parse(new TextDecoder().decode(Payload)), context)), $metadata };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        return { FunctionError: 'Unhandled', Payload: encode({ errorType, errorMessage, trace: [] }), $metadata };
      }
    },
  };
}
