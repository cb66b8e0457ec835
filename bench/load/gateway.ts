import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Invocation } from './sandboxes.ts';

/** The functions that the load uses, and their routes. */
export const routes = {
  createKey: { routeKey: 'POST /keys', pattern: /^\/keys$/ },
  encrypt: { routeKey: 'POST /keys/{KeyId}/encrypt', pattern: /^\/keys\/(?<KeyId>[^/]+)\/encrypt$/ },
} as const;

export type FunctionName = keyof typeof routes;

/** Invokes a function with an event and its body. */
export type Invoke = (name: FunctionName, event: object, body: string) => Promise<Invocation>;

interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** API Gateway's response if the function ends without a response. */
const failedFunction: ProxyResult = {
  statusCode: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Internal Server Error"}',
};

/** Starts an HTTP API that invokes functions with payload version 2.0. Returns its endpoint. */
export async function startGateway(invoke: Invoke): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = decodeURIComponent(request.url ?? '');
    const matched = Object.entries(routes).find(([, { pattern }]) => pattern.test(path));
    if (matched === undefined) return response.writeHead(404).end('{"message":"Not Found"}');
    const [name, route] = matched;
    const { requestId, result } = await invoke(name as FunctionName, createEvent(request, path, route, body), body);
    const { statusCode, headers, body: text } = (result ?? failedFunction) as ProxyResult;
    response.writeHead(statusCode, { ...headers, 'apigw-requestid': requestId }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function createEvent(
  { headers }: IncomingMessage,
  path: string,
  { routeKey, pattern }: (typeof routes)[FunctionName],
  body: string,
): object {
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    requestContext: { http: { method: 'POST', path }, routeKey, requestId: 'load', stage: '$default' },
    pathParameters: { ...pattern.exec(path)?.groups },
    body,
    isBase64Encoded: false,
  };
}
