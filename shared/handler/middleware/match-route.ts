import type { ChainMiddleware } from '../../call/chain.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';
import { isHttpEvent, readHttpEvent } from '../../http/http-request.ts';

/** Recognizes an HTTP event (API Gateway payload 1.0 or 2.0), reads it, and finds its route. Every other event is direct. */
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
