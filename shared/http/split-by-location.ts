import { type JsonObject, keyMembers, locationOf, type Operation, type Route } from '../declaration/operation.ts';
import { toPathKey } from './path-key.ts';

/** The input of an operation, split by location. The values are not URL-encoded. */
export interface InputByLocation {
  readonly path: Record<string, string>;
  readonly query: Record<string, string>;
  readonly body: JsonObject;
}

/** Splits an operation's input into a route's path, query and body. */
export function splitByLocation(operation: Operation, route: Route, input: JsonObject): InputByLocation {
  const keys = keyMembers(operation);
  const path: Record<string, string> = {};
  const query: Record<string, string> = {};
  const body: Record<string, JsonObject[string]> = {};
  for (const [name, value] of Object.entries(input)) {
    const location = locationOf(operation, route, name);
    if (location === 'path') path[name] = keys.includes(name) ? toPathKey(String(value)) : String(value);
    else if (location === 'query') query[name] = String(value);
    else if (location === 'body') body[name] = value;
    else throw new Error(`${route.method} ${route.path} of ${operation.name} does not accept ${name}.`);
  }
  return { path, query, body };
}
