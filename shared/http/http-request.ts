import { isObject, type UnknownObject } from '../declaration/json-object.ts';

/** The parts of an API Gateway event that the handlers use, independent of the payload version. */
export interface HttpRequest {
  /** The route that API Gateway matched, such as `POST /keys/{KeyId}/encrypt`. */
  readonly routeKey: string;
  readonly pathParameters: ReadonlyMap<string, string>;
  /** All values of each name, in order. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The header values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  /** The API Gateway request id. */
  readonly requestId: string | undefined;
}

/** Returns `true` for an API Gateway event. Every other event is a direct invocation. */
export function isHttpEvent(event: unknown): event is UnknownObject {
  return (
    isObject(event) &&
    isObject(event.requestContext) &&
    (event.version === '2.0' || typeof event.httpMethod === 'string')
  );
}

/** Reads an event with payload version 2.0 (HTTP API) or 1.0 (REST API). Treats a member of the wrong type as absent. */
export function readHttpEvent(event: UnknownObject): HttpRequest {
  const isV2 = event.version === '2.0';
  return {
    routeKey: isV2 ? stringOr(event.routeKey, '') : `${stringOr(event.httpMethod, '')} ${stringOr(event.resource, '')}`,
    pathParameters: new Map(stringEntries(event.pathParameters)),
    query: isV2 ? parseQuery(stringOr(event.rawQueryString, '')) : readQueryMembers(event),
    headers: new Map(stringEntries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof event.body === 'string' && event.body !== '' ? event.body : undefined,
    isBase64Encoded: event.isBase64Encoded === true,
    requestId: isObject(event.requestContext) ? stringOr(event.requestContext.requestId, '') || undefined : undefined,
  };
}

function stringOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function stringEntries(value: unknown): [string, string][] {
  if (!isObject(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

function parseQuery(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) query.set(name, [...(query.get(name) ?? []), value]);
  return query;
}

/**
 * Reads the query from payload version 1.0. One member contains the last value of each name; another contains all
 * values.
 */
function readQueryMembers({ queryStringParameters, multiValueQueryStringParameters }: UnknownObject) {
  const query = new Map<string, string[]>(stringEntries(queryStringParameters).map(([name, value]) => [name, [value]]));
  if (!isObject(multiValueQueryStringParameters)) return query;
  for (const [name, values] of Object.entries(multiValueQueryStringParameters)) {
    if (Array.isArray(values))
      query.set(
        name,
        values.filter((value) => typeof value === 'string'),
      );
  }
  return query;
}
