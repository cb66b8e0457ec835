import type { CallContext, ChainMiddleware } from '../../call/chain.ts';

/**
 * Passes the call to the handler in its context, because Middy does not pass `request.internal` to a handler. Middy's own
 * middleware pass values in the same way (`setToContext`). Copies the context, so that Lambda's object does not change.
 */
export function passCall(): ChainMiddleware {
  return {
    before: (request) => {
      const context: CallContext = { ...request.context, call: request.internal.call };
      request.context = context;
    },
  };
}
