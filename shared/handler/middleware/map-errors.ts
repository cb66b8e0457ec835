import { directError } from '../../errors/direct-error.ts';
import { fromThrown } from '../../errors/from-thrown.ts';
import { problem } from '../../errors/problem.ts';
import type { ChainMiddleware } from '../call.ts';

/** Whatever was thrown becomes one typed error: a problem over HTTP, thrown afresh on direct invocation. */
export function mapErrors(): ChainMiddleware {
  return {
    onError: (request) => {
      const { call } = request.internal;
      const failure = fromThrown(request.error, call.json);
      call.failure = failure;
      if (call.trigger === 'http') request.response = problem(failure, call.requestId);
      else request.error = directError(failure);
    },
  };
}
