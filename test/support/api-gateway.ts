import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { maxEventBytes, type Operation, type Route } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { createContext } from './handlers.ts';
import type { HttpEventV2 } from './http-events.ts';

/** A received request before decoding. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as text. */
  readonly body: string;
  readonly bytes: Buffer;
}

export interface ApiGatewayOptions {
  readonly operations: readonly Operation[];
  readonly loadHandler: (operation: Operation) => Promise<Handler>;
  /** Returns the status with which an authorizer rejects the request, or `undefined` to accept it. */
  readonly reject?: (request: ReceivedRequest) => 401 | 403 | undefined;
}

/** Simulates an API Gateway HTTP API in front of handlers. */
export interface ApiGateway {
  readonly endpoint: string;
  readonly requests: ReceivedRequest[];
  reject: (request: ReceivedRequest) => 401 | 403 | undefined;
  close(): Promise<void>;
}

const messages = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 413: 'Request Entity Too Large' };
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const maxBodyBytes = 10 * 1024 * 1024;
const bytesType = 'application/octet-stream';

/** Starts an HTTP server with the declared routes that invokes the handlers with payload version 2.0. */
export async function startApiGateway({ operations, loadHandler, reject }: ApiGatewayOptions): Promise<ApiGateway> {
  const routes = operations.flatMap((operation) => operation.routes.map((route) => createMatcher(operation, route)));
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const received = await receive(request);
    requests.push(received);
    const rejection = gateway.reject(received);
    if (rejection !== undefined) return respondWithError(response, rejection);
    const matched = match(routes, received);
    if (matched === undefined) return respondWithError(response, 404);
    const handler = await loadHandler(matched.operation);
    const event = createEvent(received, matched);
    const eventBytes = Buffer.byteLength(JSON.stringify(event));
    if (received.bytes.length > maxBodyBytes || eventBytes > maxEventBytes) return respondWithError(response, 413);
    const answer = (await handler(event, createContext())) as HttpResponse;
    response.writeHead(answer.statusCode, { ...answer.headers, 'apigw-requestid': randomUUID() });
    response.end(Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gateway: ApiGateway = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reject: reject ?? (() => undefined),
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
  const bytes = Buffer.concat(chunks);
  return { method, path, query, headers, body: bytes.toString('utf8'), bytes };
}

function respondWithError(response: ServerResponse, status: keyof typeof messages): void {
  response.writeHead(status, { 'content-type': 'application/json', 'apigw-requestid': 'gateway-request' });
  response.end(JSON.stringify({ message: messages[status] }));
}

interface Matcher {
  readonly operation: Operation;
  readonly route: Route;
  readonly pattern: RegExp;
}

interface Match extends Matcher {
  readonly pathParameters: Record<string, string>;
}

function createMatcher(operation: Operation, route: Route): Matcher {
  return {
    operation,
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  };
}

/** Matches the decoded path, as API Gateway does, so an encoded slash separates segments. Prefers the most literal route. */
function match(matchers: readonly Matcher[], { method, path }: ReceivedRequest): Match | undefined {
  const decoded = decodeURIComponent(path);
  const [best] = matchers
    .filter(({ route, pattern }) => route.method === method && pattern.test(decoded))
    .sort((a, b) => a.route.path.split('{').length - b.route.path.split('{').length);
  return best && { ...best, pathParameters: { ...best.pattern.exec(decoded)?.groups } };
}

function createEvent({ method, path, query, headers, body, bytes }: ReceivedRequest, matched: Match): HttpEventV2 {
  const routeKey = `${matched.route.method} ${matched.route.path}`;
  const isBytes = headers['content-type'] === bytesType;
  return {
    version: '2.0',
    routeKey,
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(query === '' ? {} : { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: { http: { method, path }, routeKey, stage: '$default', requestId: randomUUID() },
    pathParameters: matched.pathParameters,
    ...(body === '' ? {} : { body: isBytes ? bytes.toString('base64') : body }),
    isBase64Encoded: isBytes && body !== '',
  };
}
