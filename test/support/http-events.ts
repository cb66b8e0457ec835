import { httpEvent } from '../../scripts/sample-events.ts';
import { type JsonObject, locationOf, type Operation, type Route } from '../../shared/declaration/operation.ts';

/** An API Gateway event in payload version 2.0, with the members that tests change. */
export interface HttpEventV2 {
  version: '2.0';
  routeKey: string;
  rawPath: string;
  rawQueryString: string;
  queryStringParameters?: Record<string, string>;
  headers: Record<string, string>;
  requestContext: Record<string, unknown>;
  pathParameters?: Record<string, string>;
  body?: string;
  isBase64Encoded: boolean;
}

/** Builds the event that an HTTP API sends for an input on a route. Leaves out members that the route does not support. */
export function buildHttpEvent(
  operation: Operation,
  route: Route,
  input: JsonObject = operation.example.input,
): HttpEventV2 {
  const sendable = Object.entries(input).filter(([name]) => locationOf(operation, route, name) !== 'unsupported');
  const example = { input: Object.fromEntries(sendable) };
  return httpEvent({ ...operation, routes: [route], example }) as HttpEventV2;
}

/** Replaces the body with JSON. */
export function withBody(event: HttpEventV2, body: unknown): HttpEventV2 {
  return withRawBody(event, JSON.stringify(body));
}

export function withRawBody(event: HttpEventV2, body: string): HttpEventV2 {
  return { ...event, headers: { ...event.headers, 'content-type': 'application/json' }, body };
}

/** Appends parameters to the query. */
export function withQuery(event: HttpEventV2, ...pairs: [name: string, value: string][]): HttpEventV2 {
  const query = new URLSearchParams(event.rawQueryString);
  for (const [name, value] of pairs) query.append(name, value);
  return { ...event, rawQueryString: query.toString() };
}

/** Encodes the body as base64, as API Gateway does for binary content. */
export function encodeBody(event: HttpEventV2): HttpEventV2 {
  if (event.body === undefined) return event;
  return { ...event, body: Buffer.from(event.body).toString('base64'), isBase64Encoded: true };
}

/**
 * Converts an event to payload version 1.0, as a REST API sends it
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function toV1(event: HttpEventV2): Record<string, unknown> {
  const [httpMethod = '', resource = ''] = event.routeKey.split(' ');
  const query = [...new URLSearchParams(event.rawQueryString)];
  const lists = new Map<string, string[]>();
  for (const [name, value] of query) lists.set(name, [...(lists.get(name) ?? []), value]);
  const headers = Object.entries(event.headers).map(([name, value]) => [titleCase(name), value] as const);
  return {
    version: '1.0',
    resource,
    path: event.rawPath,
    httpMethod,
    headers: Object.fromEntries(headers),
    multiValueHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
    queryStringParameters: query.length === 0 ? null : Object.fromEntries(query),
    multiValueQueryStringParameters: query.length === 0 ? null : Object.fromEntries(lists),
    requestContext: { ...event.requestContext, httpMethod, resourcePath: resource },
    pathParameters: event.pathParameters ?? null,
    stageVariables: null,
    body: event.body ?? null,
    isBase64Encoded: event.isBase64Encoded,
  };
}

function titleCase(name: string): string {
  return name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
