import type { ChainMiddleware, ChainRequest } from '../call/chain.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { timeoutEarlyMs } from '../kms/attempts.ts';

type Hook = ChainMiddleware['before'];

/**
 * Stops waiting for a middleware's asynchronous hooks shortly before the function times out. Middy applies
 * `timeoutEarlyInMillis` only to the handler, so a slow key lookup could otherwise last until Lambda stops the function
 * without a call record.
 */
export function withDeadline({ before, after, onError }: ChainMiddleware): ChainMiddleware {
  return {
    ...(before === undefined ? {} : { before: stopAtDeadline(before) }),
    ...(after === undefined ? {} : { after: stopAtDeadline(after) }),
    ...(onError === undefined ? {} : { onError: replaceErrorAtDeadline(onError) }),
  };
}

function stopAtDeadline(hook: NonNullable<Hook>): NonNullable<Hook> {
  return (request) => {
    const result: unknown = hook(request);
    return result instanceof Promise ? raceDeadline(result, request) : result;
  };
}

/** An `onError` hook must not throw, because Middy would then skip the hooks of all outer middleware. */
function replaceErrorAtDeadline(hook: NonNullable<Hook>): NonNullable<Hook> {
  const stopped = stopAtDeadline(hook);
  return async (request) => {
    try {
      await stopped(request);
    } catch (error) {
      request.error = error as Error;
    }
  };
}

async function raceDeadline(result: Promise<unknown>, { context }: ChainRequest): Promise<unknown> {
  const remainingMs = context.getRemainingTimeInMillis?.();
  if (remainingMs === undefined) return result;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KmsFunctionsError('TimeoutError')), Math.max(0, remainingMs - timeoutEarlyMs));
  });
  return Promise.race([result, deadline]).finally(() => clearTimeout(timer));
}
