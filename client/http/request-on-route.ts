import {
  type JsonObject,
  keyMembers,
  locationOf,
  type Operation,
  type Route,
} from '../../shared/declaration/operation.ts';
import { spread } from '../../shared/http/split-by-location.ts';
import { UnsendableRequestError } from '../errors.ts';

/** A request as it stands on its route, before it is signed. */
export interface RequestOnRoute {
  readonly method: string;
  /** Percent-encoded, from its first slash. */
  readonly path: string;
  /** Not encoded. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The request on the first route that can carry the members given. */
export function requestOnRoute(operation: Operation, input: JsonObject): RequestOnRoute {
  const reasons = operation.routes.map((route) => reasonAgainst(operation, route, input));
  const route = operation.routes[reasons.indexOf(undefined)];
  if (route === undefined) throw new UnsendableRequestError(reasons.join('; '));
  const { path, query, body } = spread(operation, route, input);
  return {
    method: route.method,
    path: route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escapeUri(path[name] ?? '')),
    query,
    body: Object.keys(body).length > 0 ? JSON.stringify(body) : undefined,
  };
}

/** Why a route cannot carry an input. Names members, never values. */
function reasonAgainst(operation: Operation, route: Route, input: JsonObject): string | undefined {
  for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g)) {
    const value = input[name];
    if (typeof value !== 'string' || value === '') return `${name} is missing`;
    // A dot would arrive as a slash. And of nothing but slashes the path would have `..`, which leads elsewhere.
    if (value.includes('.')) return `${name} has a dot, which stands for a slash in a path`;
    const isKey = keyMembers(operation).includes(name);
    if (isKey ? /^\/+$/.test(value) : value.includes('/')) return `${name} has a slash that a path cannot hold`;
  }
  const members = Object.keys(operation.input._zod.def.shape);
  const homeless = Object.keys(input).find((name) =>
    members.includes(name) ? locationOf(operation, route, name) === 'unsupported' : true,
  );
  return homeless === undefined ? undefined : `${homeless} has no place on ${route.method} ${route.path}`;
}

/** RFC 3986 with its unreserved characters only, as a signature has it: what is sent is then what was signed. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
