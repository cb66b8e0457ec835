import { countMistakes } from '../../shared/errors/closest-name.ts';
import type { Authorizer } from '../gateway/authorizer.ts';

/** A route of the HTTP API, and the function that it invokes. */
export interface LocalRoute {
  readonly method: string;
  /** The path template, such as `/keys/{KeyId}/encrypt`. */
  readonly path: string;
  /** The function's name in Lambda. */
  readonly functionName: string;
  readonly authorizer?: Authorizer;
}

export interface MatchedRoute {
  readonly route: LocalRoute;
  /** The decoded values of the path variables. */
  readonly parameters: Readonly<Record<string, string>>;
}

const variable = /^\{(\w+)\}$/;

/**
 * Finds the route of a request as an HTTP API does: method and path must match in full, so a trailing slash is an unknown
 * route, and a route for GET does not accept HEAD. Paths are decoded first, and a fixed segment takes precedence over a
 * variable (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export function matchRoute(routes: readonly LocalRoute[], method: string, rawPath: string): MatchedRoute | undefined {
  const path = decodePath(rawPath);
  if (path === undefined) return undefined;
  const segments = path.split('/');
  const matches = routes
    .filter((route) => route.method === method)
    .flatMap((route) => {
      const parameters = matchSegments(route.path.split('/'), segments);
      return parameters === undefined ? [] : [{ route, parameters }];
    });
  return matches.sort((a, b) => Object.keys(a.parameters).length - Object.keys(b.parameters).length)[0];
}

function matchSegments(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const actual = segments[index] as string;
    const [, name] = variable.exec(expected) ?? [];
    if (name === undefined ? actual !== expected : actual === '') return undefined;
    if (name !== undefined) parameters[name] = actual;
  }
  return parameters;
}

/** Decodes a path. Returns `undefined` if an escape sequence is invalid. */
export function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Returns the known routes that are most similar to an unknown route, at most three. */
export function suggestRoutes(routes: readonly LocalRoute[], method: string, rawPath: string): LocalRoute[] {
  const segments = (decodePath(rawPath) ?? rawPath).split('/').filter((segment) => segment !== '');
  const rated = routes.map((route) => ({
    route,
    rating: rateSegments(route.path.split('/').slice(1), segments) + (route.method === method ? 0 : 1),
  }));
  const best = Math.min(...rated.map(({ rating }) => rating));
  if (best > maxRating) return [];
  return rated
    .filter(({ rating }) => rating === best)
    .slice(0, 3)
    .map(({ route }) => route);
}

/** The sum of differences up to which a route counts as similar. */
const maxRating = 2;

function rateSegments(template: readonly string[], segments: readonly string[]): number {
  if (template.length !== segments.length) return Number.POSITIVE_INFINITY;
  return template
    .map((expected, index) => (variable.test(expected) ? 0 : countMistakes(expected, segments[index] as string)))
    .reduce((sum, mistakes) => sum + mistakes, 0);
}
