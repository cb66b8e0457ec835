import type { Access } from '../../authorization/access-config.ts';
import { callerOf } from '../../authorization/caller.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';
import { isHttpEvent, readHttpEvent } from '../../http/http-request.ts';
import type { ChainMiddleware } from '../call.ts';

/** Tells an API Gateway event (payload 1.0 or 2.0) from a direct one, who sent it, and the route it came by. */
export function identifyCaller(access: Access): ChainMiddleware {
  return {
    before: ({ event, context, internal: { call } }) => {
      call.caller = callerOf(event, context, access);
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
