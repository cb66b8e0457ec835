import { jsonAnswer } from '../../http/http-response.ts';
import type { ChainMiddleware } from '../call.ts';

/** The result as it stands on direct invocation; with status and headers over HTTP. */
export function writeAnswer(): ChainMiddleware {
  return {
    after: (request) => {
      const { call } = request.internal;
      if (call.trigger === 'http') request.response = jsonAnswer(call.route?.status ?? 200, request.response);
    },
  };
}
