import { type JsonObject, keyMembers, locationOf, type Operation, type Route } from '../declaration/operation.ts';
import { toPathKey } from './path-key.ts';

/** A request in its parts, none of them encoded. */
export interface Spread {
  readonly path: Record<string, string>;
  readonly query: Record<string, string>;
  readonly body: JsonObject;
}

/** Puts each member of a request where it stands on a route. */
export function spread(operation: Operation, route: Route, input: JsonObject): Spread {
  const keys = keyMembers(operation);
  const path: Record<string, string> = {};
  const query: Record<string, string> = {};
  const body: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(input)) {
    const place = locationOf(operation, route, name);
    if (place === 'path') path[name] = keys.includes(name) ? toPathKey(String(value)) : String(value);
    else if (place === 'query') query[name] = String(value);
    else if (place === 'body') body[name] = value;
    else throw new Error(`${operation.name}: ${name} has no place on ${route.method} ${route.path}`);
  }
  return { path, query, body };
}
