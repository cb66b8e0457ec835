import type { ChainMiddleware } from '../../call/chain.ts';
import { isObject } from '../../declaration/json-object.ts';
import { getMaxRequestBytes, type Operation } from '../../declaration/operation.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';
import { createGatherer } from '../../http/gather-by-location.ts';
import { rejectUnsafeJson } from './reject-unsafe-json.ts';

/**
 * Sets `call.json` from a direct event, or from the body, query and path of an HTTP event. Each member has exactly one
 * location on each route.
 */
export function readInput(operation: Operation): ChainMiddleware {
  const gather = createGatherer(operation);
  const maxTextLength = getMaxRequestBytes(operation);
  return {
    before: ({ event, internal: { call } }) => {
      const { http, route } = call;
      if (http === undefined || route === undefined) {
        if (!isObject(event)) throw new KmsFunctionsError('SerializationException', 'The event must be a JSON object.');
        call.json = { ...event };
        rejectUnsafeJson(event, maxTextLength);
      } else {
        rejectUnsafeJson(call.json, maxTextLength);
        const { json, errors } = gather(route, http, call.json);
        call.json = json;
        call.errors.push(...errors);
      }
      // Removes null members, because some serializers write absent members as null, and AWS treats null as absent.
      for (const [name, value] of Object.entries(call.json)) if (value === null) delete call.json[name];
    },
  };
}
