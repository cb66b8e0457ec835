import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AwsResponse, answerRequest, maxBodyBytes, type Services } from './answer-request.ts';
import { type ControlServer, controlPrefix } from './control-server.ts';

/**
 * Avoids `import`, which reads every property of the module. Reading the properties loads all of `fetch` and adds 50 ms
 * to each start.
 */
const { createServer } = process.getBuiltinModule('node:http');

const maxSnapshotBytes = 256 * 1024 * 1024;
const consolePrefix = `${controlPrefix}console/`;

/** What the server serves to this machine only. */
interface LocalServices {
  readonly control: ControlServer;
  /** Serves the console. Its module loads when a browser first opens the console. */
  readonly serveConsole: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** Creates the HTTP server, with KMS, STS and the console at `/` and the control API below `/_kms/`. */
export function createHttpServer(services: Services, { control, serveConsole }: LocalServices): Server {
  const { cors } = services;
  const server = createServer((request, response) => {
    const isControl = request.url?.startsWith(controlPrefix) ?? false;
    const maxBytes = isControl && control.accepts(request) ? maxSnapshotBytes : maxBodyBytes;
    collectBody(request, response, maxBytes, async (body) => {
      if (isConsoleRequest(request)) return serveConsole(request, response);
      if (isControl) return control.respond(request, response, body ?? '');
      const { method, headers, url, socket } = request;
      const preflightHeaders = cors.preflightHeaders(method, headers);
      if (preflightHeaders !== undefined) return void response.writeHead(204, [...preflightHeaders]).end();
      cors.allowReading(response, headers.origin);
      send(response, await answerRequest(services, { method, url, headers, body, sourceIp: socket.remoteAddress }));
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

/** KMS accepts only POST requests, so GET requests for `/` are for the console. */
function isConsoleRequest({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && (url === '/' || url.startsWith(consolePrefix));
}

/** Collects a request body. Passes `undefined` to `onBody` if the body is larger than `maxBytes`. */
function collectBody(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  onBody: (body: string | undefined) => Promise<void>,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  });
  request.on('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    const whole = chunks.length > 1 ? Buffer.concat(chunks) : first;
    void onBody(bytes > maxBytes ? undefined : whole.toString('utf8'));
  });
  // The client closed the connection before its request was complete.
  request.on('error', () => response.destroy());
}

/** Sends the headers and the body in one write. */
function send(response: ServerResponse, { requestId, status, body, contentType }: AwsResponse): void {
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, [
    ...['x-amzn-RequestId', requestId],
    ...['Cache-Control', 'no-cache, no-store, must-revalidate, private'],
    ...['Expires', '0'],
    ...['Pragma', 'no-cache'],
    ...['Content-Type', contentType],
    ...['Content-Length', String(bytes)],
  ]);
  // Node.js writes latin1 faster than UTF-8. If every character is one byte long in UTF-8, the two encodings are
  // identical.
  response.end(body, bytes === body.length ? 'latin1' : 'utf8');
}
