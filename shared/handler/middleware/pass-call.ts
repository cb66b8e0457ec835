import type { CallContext, ChainMiddleware } from '../../call/chain.ts';

/**
 * Passes the call to the handler in the Lambda context, because Middy does not pass `request.internal` to handlers.
 * Middy's own middleware passes values in the same way (`setToContext`). Copies the context instead of changing
 * Lambda's object.
 */
export function passCall(): ChainMiddleware {
  return {
    before: (request) => {
      const context: CallContext = { ...request.context, call: request.internal.call };
      request.context = context;
    },
  };
}
