import type { ChainMiddleware } from '../../call/chain.ts';
import { createDirectError } from '../../errors/direct-error.ts';
import { toKmsFunctionsError } from '../../errors/to-kms-functions-error.ts';
import { warnAboutRetries } from '../../errors/warn-about-retries.ts';
import { buildProblem } from '../../http/problem.ts';

/**
 * Converts any thrown value to a typed error. Returns a problem document over HTTP, and throws the error on direct
 * invocation.
 */
export function mapErrors(): ChainMiddleware {
  return {
    onError: (request) => {
      const { call } = request.internal;
      const failure = warnAboutRetries(toKmsFunctionsError(request.error, call), call.unsafeRetry, call.requestId);
      call.failure = failure;
      if (call.trigger === 'http') request.response = buildProblem(failure, call.requestId);
      else request.error = createDirectError(failure);
    },
  };
}
