import type { CallContext, ChainMiddleware } from '../../call/chain.ts';

/**
 * Passes the call to the handler, in its context. Middy gives a handler the event and the context, and nothing of
 * `request.internal`; Middy's own middleware pass values the same way (`setToContext`). The context is copied, so that
 * Lambda's own stays as it is.
 */
export function passCall(): ChainMiddleware {
  return {
    before: (request) => {
      const context: CallContext = { ...request.context, call: request.internal.call };
      request.context = context;
    },
  };
}
