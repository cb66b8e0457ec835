import { findClosestName } from '../../shared/errors/closest-name.ts';
import { decodePath, type LocalRoute, matchRoute, suggestRoutes } from './routes.ts';

/** The URLs of the servers that `npm start` runs. */
export interface LocalUrls {
  readonly api: string;
  readonly lambda: string;
  readonly emulator: string;
}

export interface UnknownRequest {
  readonly method: string;
  /** The path as sent, without the query. */
  readonly path: string;
  /** `true` if the request has the header `X-Amz-Target`, as every AWS KMS request does. */
  readonly isKmsProtocol: boolean;
}

/** Explains why a request has no route. */
export interface RouteHint {
  /** One sentence for the developer. */
  readonly sentence: string;
  readonly routes: readonly LocalRoute[];
}

type Explain = (routes: readonly LocalRoute[], request: UnknownRequest, urls: LocalUrls) => RouteHint | undefined;

/** Returns the most specific hint, or `undefined` if no route is similar. */
export function explainUnknownRoute(...parameters: Parameters<Explain>): RouteHint | undefined {
  for (const explain of explanations) {
    const hint = explain(...parameters);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

const explanations: readonly Explain[] = [
  explainKmsProtocol,
  explainLambdaPath,
  explainMethod,
  explainSlashes,
  explainDots,
  explainLastSegment,
  explainSimilarPath,
];

function explainKmsProtocol(_: readonly LocalRoute[], { isKmsProtocol }: UnknownRequest, { emulator }: LocalUrls) {
  if (!isKmsProtocol) return undefined;
  return { sentence: `For AWS SDKs and the AWS CLI, use the KMS emulator at ${emulator}.`, routes: [] };
}

function explainLambdaPath(_: readonly LocalRoute[], { path }: UnknownRequest, { lambda }: LocalUrls) {
  if (!path.startsWith('/2015-03-31/functions')) return undefined;
  return { sentence: `Direct invocation is at ${lambda}.`, routes: [] };
}

/** Recognizes a path that has routes for other methods only, such as a curl command without `-d`. */
function explainMethod(routes: readonly LocalRoute[], { method, path }: UnknownRequest): RouteHint | undefined {
  const others = findForAnyMethod(routes, path);
  if (others.length === 0) return undefined;
  const methods = others.map((route) => route.method).join(' or ');
  const body =
    method === 'GET' && others.every((route) => route.method === 'POST') ? " curl sends POST if you add -d '{…}'." : '';
  return { sentence: `This path requires ${methods}.${body}`, routes: others };
}

/** Recognizes a path that differs only in its slashes and its case. */
function explainSlashes(routes: readonly LocalRoute[], { method, path }: UnknownRequest): RouteHint | undefined {
  const segments = splitPath(path);
  const lowerCase = `/${segments.map((segment, index) => (index === 1 ? segment : segment.toLowerCase())).join('/')}`;
  for (const candidate of [`/${segments.join('/')}`, lowerCase]) {
    const matched = matchRoute(routes, method, encodeURI(candidate));
    if (matched !== undefined) return { sentence: `Did you mean ${method} ${candidate}?`, routes: [matched.route] };
  }
  return undefined;
}

/** Recognizes a key identifier with slashes, such as `/keys/alias/example/encrypt`. */
function explainDots(routes: readonly LocalRoute[], { method, path }: UnknownRequest): RouteHint | undefined {
  const [resource, ...rest] = splitPath(path);
  if (resource !== 'keys' && resource !== 'aliases') return undefined;
  for (let length = 2; length <= rest.length; length += 1) {
    const joined = `/${[resource, rest.slice(0, length).join('.'), ...rest.slice(length)].join('/')}`;
    const isIdentifier = /^(alias|key|arn:.*)$/.test(rest[0] ?? '');
    const found = isIdentifier ? findForAnyMethod(routes, encodeURI(joined)) : [];
    const fitting = found.find((route) => route.method === method) ?? found[0];
    if (fitting !== undefined) {
      const sentence = `In a path, write each / of a key identifier as a dot: ${fitting.method} ${joined}.`;
      return { sentence, routes: [fitting] };
    }
  }
  return undefined;
}

/** Recognizes the last part of a route and the name of an operation, such as `/encrypt` and `/GenerateDataKey`. */
function explainLastSegment(routes: readonly LocalRoute[], { path }: UnknownRequest): RouteHint | undefined {
  const last = splitPath(path).at(-1);
  if (last === undefined) return undefined;
  const named = routes.map((route) => ({
    route,
    names: [route.path.split('/').at(-1) ?? '', route.functionName.split('-').at(-1) ?? ''],
  }));
  const closest = findClosestName(
    last,
    [...new Set(named.flatMap(({ names }) => names))].filter((name) => !name.startsWith('{')),
  );
  if (closest === undefined) return undefined;
  return proposeRoutes(named.filter(({ names }) => names.includes(closest)).map(({ route }) => route));
}

function explainSimilarPath(routes: readonly LocalRoute[], { method, path }: UnknownRequest): RouteHint | undefined {
  return proposeRoutes(suggestRoutes(routes, method, path));
}

function proposeRoutes(found: readonly LocalRoute[]): RouteHint | undefined {
  if (found.length === 0) return undefined;
  const similar = found.slice(0, 3);
  return {
    sentence: `Did you mean ${similar.map(({ method, path }) => `${method} ${path}`).join(' or ')}?`,
    routes: similar,
  };
}

function findForAnyMethod(routes: readonly LocalRoute[], path: string): LocalRoute[] {
  const methods = [...new Set(routes.map((route) => route.method))];
  return methods.flatMap((method) => matchRoute(routes, method, path)?.route ?? []);
}

function splitPath(path: string): string[] {
  return (decodePath(path) ?? path).split('/').filter((segment) => segment !== '');
}
