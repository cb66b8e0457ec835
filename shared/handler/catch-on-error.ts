import type { ChainMiddleware } from '../call/chain.ts';

/**
 * Replaces the call's error with an error that the middleware's `onError` hook throws, such as a failed lookup. An
 * `onError` hook must not throw, because Middy would then skip the hooks of all outer middleware.
 */
export function catchOnError({ onError, ...hooks }: ChainMiddleware): ChainMiddleware {
  if (onError === undefined) return hooks as ChainMiddleware;
  return {
    ...hooks,
    onError: async (request) => {
      try {
        await onError(request);
      } catch (error) {
        request.error = error as Error;
      }
    },
  };
}
