import {
  type JsonObject,
  keyMembers,
  locationOf,
  type Operation,
  type Route,
} from '../../shared/declaration/operation.ts';
import { splitByLocation } from '../../shared/http/split-by-location.ts';
import { UnsendableRequestError } from '../errors.ts';

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly route: Route;
  readonly method: string;
  /** The percent-encoded path, which starts with a slash. */
  readonly path: string;
  /** The values in the path, not encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** The query parameters, not encoded. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/**
 * Builds the request for the first route that accepts all members of the input. Throws UnsendableRequestError if there is
 * no such route.
 */
export function buildRequest(operation: Operation, input: JsonObject): UnsignedRequest {
  const reasons = operation.routes.map((route) => findObstacle(operation, route, input));
  const route = operation.routes[reasons.indexOf(undefined)];
  if (route === undefined) throw new UnsendableRequestError(reasons.join('; '));
  const { path, query, body } = splitByLocation(operation, route, input);
  return {
    route,
    method: route.method,
    pathParameters: path,
    path: route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => escapeUri(path[name] ?? '')),
    query,
    body: Object.keys(body).length > 0 ? JSON.stringify(body) : undefined,
  };
}

/**
 * Returns the reason why an input does not fit a route, or `undefined` if the input fits. The reason may contain member
 * names, but never values.
 */
function findObstacle(operation: Operation, route: Route, input: JsonObject): string | undefined {
  for (const [, name = ''] of route.path.matchAll(/\{(\w+)\}/g)) {
    const value = input[name];
    if (typeof value !== 'string' || value === '') return `${name} is missing`;
    // Slashes are sent as dots, so a dot would arrive as a slash. A value of one or two slashes would be sent as `.` or
    // `..`, which changes the path.
    if (value.includes('.')) return `${name} contains a dot, which represents a slash in a path`;
    const isKey = keyMembers(operation).includes(name);
    if (isKey ? /^\/+$/.test(value) : value.includes('/'))
      return `${name} contains a slash, which is not allowed in a path`;
  }
  const members = Object.keys(operation.input._zod.def.shape);
  const unsupported = Object.keys(input).find((name) =>
    members.includes(name) ? locationOf(operation, route, name) === 'unsupported' : true,
  );
  return unsupported === undefined ? undefined : `${route.method} ${route.path} does not accept ${unsupported}`;
}

/**
 * Escapes all characters except the unreserved characters of RFC 3986, as AWS signers do, so that the sent URL equals
 * the signed URL.
 */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
