import type { Call } from '../../call/call.ts';
import type { ChainMiddleware } from '../../call/chain.ts';
import { isObject } from '../../declaration/json-object.ts';
import { keyMembers, locationOf, memberNames, memberSchema, type Operation } from '../../declaration/operation.ts';
import { unwrap } from '../../declaration/schema-metadata.ts';
import { toPointer } from '../../errors/input-errors.ts';
import { KmsFunctionsError } from '../../errors/kms-functions-error.ts';
import { fromPathKey } from '../../http/path-key.ts';
import { rejectUnsafeJson } from './reject-unsafe-json.ts';

/**
 * Gathers `call.json`: from the direct event, or from the path, query and body of the HTTP event. Each member has one
 * location on each route.
 */
export function readInput(operation: Operation): ChainMiddleware {
  const members = new Set(memberNames(operation));
  const keys = new Set(keyMembers(operation));
  return {
    before: ({ event, internal: { call } }) => {
      if (call.http === undefined) {
        if (!isObject(event)) throw new KmsFunctionsError('SerializationException', 'The event must be a JSON object.');
        call.json = { ...event };
      }
      rejectUnsafeJson(call.http === undefined ? event : call.json);
      if (call.http !== undefined) call.json = gather(call, members, keys);
      // Some serializers write absent members as null. AWS treats null as absent, too.
      for (const [name, value] of Object.entries(call.json)) if (value === null) delete call.json[name];
    },
  };
}

function gather(call: Call, members: ReadonlySet<string>, keys: ReadonlySet<string>): Record<string, unknown> {
  const { operation, http, route, errors } = call;
  if (http === undefined || route === undefined) return call.json;
  const gathered: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(call.json)) {
    const place = members.has(name) ? locationOf(operation, route, name) : 'body';
    if (place === 'body') gathered[name] = value;
    else errors.push({ pointer: toPointer([name]), detail: `stands in the ${place} on this route` });
  }
  for (const [name, values] of http.query) {
    const place = members.has(name) ? locationOf(operation, route, name) : undefined;
    const [value] = values;
    if (place === undefined) errors.push({ pointer: toPointer([name]), detail: 'is not known' });
    else if (place === 'unsupported') errors.push({ pointer: toPointer([name]), detail: 'cannot stand in a query' });
    else if (place !== 'query')
      errors.push({ pointer: toPointer([name]), detail: `stands in the ${place} on this route` });
    else if (values.length > 1)
      errors.push({ pointer: toPointer([name]), detail: 'stands in the query more than once' });
    else gathered[name] = fromQuery(operation, name, value ?? '');
  }
  for (const name of members) {
    if (locationOf(operation, route, name) !== 'path') continue;
    const value = http.pathParameters.get(name);
    if (value === undefined) continue;
    if (keys.has(name) && value.includes('/')) {
      errors.push({ pointer: toPointer([name]), detail: 'must have a dot for each slash in a path' });
    } else {
      gathered[name] = keys.has(name) ? fromPathKey(value) : value;
    }
  }
  return gathered;
}

/** Converts a text of the query to the type of its member. A text that does not fit is left for validation to report. */
function fromQuery(operation: Operation, name: string, value: string): unknown {
  const { type } = unwrap(memberSchema(operation, name))._zod.def;
  if (type === 'number' && /^-?\d{1,9}$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
