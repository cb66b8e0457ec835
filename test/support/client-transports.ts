import type { InvokableHandler, Invoker } from '../../client/index.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { contextOf, loadHandler } from './handlers.ts';
import { operations } from './operations.ts';

/** Every handler by the name of its function. */
export async function allHandlers(): Promise<Record<string, Handler>> {
  const entries = operations.map(async (operation) => [functionName(operation), await loadHandler(operation)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

export function invokable(handlers: Record<string, Handler>): Record<string, InvokableHandler> {
  return handlers as Record<string, InvokableHandler>;
}

/** Lambda's Invoke over handlers in this process, in the form of the AWS SDK; functions are named `test-NAME`. */
export function invokerOf(handlers: Record<string, Handler>): Invoker {
  return {
    async invoke({ FunctionName, Payload }) {
      const context = contextOf();
      const $metadata = { requestId: context.awsRequestId };
      const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
      const handler = handlers[FunctionName.replace(/^test-/, '')];
      if (handler === undefined) throw new Error(`there is no function ${FunctionName}`);
      try {
        return { Payload: bytes(await handler(JSON.parse(new TextDecoder().decode(Payload)), context)), $metadata };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        return { FunctionError: 'Unhandled', Payload: bytes({ errorType, errorMessage, trace: [] }), $metadata };
      }
    },
  };
}
