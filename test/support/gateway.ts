import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Operation, Route } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { createContext } from './handlers.ts';
import type { HttpEventV2 } from './http-events.ts';

/** A request as it came over the wire, before anything is decoded. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface GatewayOptions {
  readonly operations: readonly Operation[];
  readonly handlerOf: (operation: Operation) => Promise<Handler>;
  /** The status to refuse a request with, as an authorizer does; undefined lets it in. */
  readonly refuse?: (request: ReceivedRequest) => 401 | 403 | undefined;
}

export interface Gateway {
  readonly endpoint: string;
  readonly requests: ReceivedRequest[];
  refuse: (request: ReceivedRequest) => 401 | 403 | undefined;
  close(): Promise<void>;
}

const refusals = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' };

/** An HTTP API of API Gateway on this machine, before the handlers: the routes of the declarations, payload version 2.0. */
export async function startGateway({ operations, handlerOf, refuse }: GatewayOptions): Promise<Gateway> {
  const routes = operations.flatMap((operation) => operation.routes.map((route) => matcherOf(operation, route)));
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const received = await receive(request);
    requests.push(received);
    const refusal = gateway.refuse(received);
    if (refusal !== undefined) return turnAway(response, refusal);
    const matched = match(routes, received);
    if (matched === undefined) return turnAway(response, 404);
    const handler = await handlerOf(matched.operation);
    const answer = (await handler(eventOf(received, matched), createContext())) as HttpResponse;
    response.writeHead(answer.statusCode, { ...answer.headers, 'apigw-requestid': randomUUID() }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: Gateway = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuse: refuse ?? (() => undefined),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return gateway;
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const { method = '', headers } = request;
  return { method, path, query, headers, body: Buffer.concat(chunks).toString('utf8') };
}

function turnAway(response: ServerResponse, status: keyof typeof refusals): void {
  response.writeHead(status, { 'content-type': 'application/json', 'apigw-requestid': 'gateway-request' });
  response.end(JSON.stringify({ message: refusals[status] }));
}

interface Matcher {
  readonly operation: Operation;
  readonly route: Route;
  readonly pattern: RegExp;
}

interface Match extends Matcher {
  readonly pathParameters: Record<string, string>;
}

function matcherOf(operation: Operation, route: Route): Matcher {
  return {
    operation,
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  };
}

/** Decoded before it is matched, as API Gateway does it, so that an encoded slash separates; the most literal route goes first. */
function match(matchers: readonly Matcher[], { method, path }: ReceivedRequest): Match | undefined {
  const decoded = decodeURIComponent(path);
  const [best] = matchers
    .filter(({ route, pattern }) => route.method === method && pattern.test(decoded))
    .sort((a, b) => a.route.path.split('{').length - b.route.path.split('{').length);
  return best && { ...best, pathParameters: { ...best.pattern.exec(decoded)?.groups } };
}

function eventOf({ method, path, query, headers, body }: ReceivedRequest, matched: Match): HttpEventV2 {
  const routeKey = `${matched.route.method} ${matched.route.path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(query === '' ? {} : { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: { http: { method, path }, routeKey, stage: '$default', requestId: randomUUID() },
    pathParameters: matched.pathParameters,
    ...(body === '' ? {} : { body }),
    isBase64Encoded: false,
  };
}
