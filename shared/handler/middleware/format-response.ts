import type { ChainMiddleware } from '../../call/chain.ts';
import { buildJsonResponse } from '../../http/http-response.ts';

/** Adds the status and headers to the result of an HTTP call. A direct invocation returns only the result. */
export function formatResponse(): ChainMiddleware {
  return {
    after: (request) => {
      const { call } = request.internal;
      if (call.trigger !== 'http') return;
      const buildResponse = call.buildResponse ?? buildJsonResponse;
      request.response = buildResponse(call.status ?? call.route?.status ?? 200, request.response);
    },
  };
}
