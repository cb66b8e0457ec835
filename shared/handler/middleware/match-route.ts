import type { ChainMiddleware } from '../../call/chain.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';
import { isHttpEvent, readHttpEvent } from '../../http/http-request.ts';

/** Reads an HTTP event (API Gateway payload 1.0 or 2.0) and finds its route. Treats every other event as a direct invocation. */
export function matchRoute(): ChainMiddleware {
  return {
    before: ({ event, internal: { call } }) => {
      if (!isHttpEvent(event)) return;
      call.trigger = 'http';
      call.http = readHttpEvent(event);
      const { routeKey } = call.http;
      const route = call.operation.routes.find(({ method, path }) => `${method} ${path}` === routeKey);
      if (route === undefined) throw new KmsFunctionsError('RouteNotFoundError');
      call.route = route;
    },
  };
}
