import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Authorizer } from '../authorization/authorizer.ts';
import { KmsError } from '../core/kms-error.ts';
import { toStorageError } from '../core/storage-error.ts';
import { type ControlServer, controlPrefix, isLocalRequest } from './control-server.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type LatencyMs, wait } from './latency.ts';
import { isForeignPage } from './local-origin.ts';
import { isStsRequest, respondAsSts } from './sts.ts';

/**
 * Avoids `import`, which reads every property of the module. Reading the properties loads all of `fetch` and adds 50 ms
 * to each start.
 */
const { createServer } = process.getBuiltinModule('node:http');

/** The maximum size of a KMS request body. It is larger than any request that KMS accepts. */
const maxBodyBytes = 1024 * 1024;
const maxSnapshotBytes = 256 * 1024 * 1024;
const contentType = 'application/x-amz-json-1.1';
const consolePrefix = `${controlPrefix}console/`;

interface Services {
  readonly dispatcher: Dispatcher;
  readonly authorizer: Authorizer;
  readonly control: ControlServer;
  /** Serves the console. Its module loads when a browser first opens the console. */
  readonly serveConsole: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** Creates the HTTP server, with KMS, STS and the console at `/` and the control API below `/_kms/`. */
export function createHttpServer(services: Services, latencyMs: LatencyMs): Server {
  const { control } = services;
  const server = createServer((request, response) => {
    const isControl = request.url?.startsWith(controlPrefix) ?? false;
    const maxBytes = isControl && isLocalRequest(request) ? maxSnapshotBytes : maxBodyBytes;
    collectBody(request, response, maxBytes, async (body) => {
      if (isConsoleRequest(request)) return services.serveConsole(request, response);
      if (isControl) return control.respond(request, response, body ?? '');
      if (latencyMs !== 0) await wait(latencyMs);
      return respond(services, request, response, body);
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

/** Responds in the same way as KMS, with status 400 for every client error and a request id in every response. */
async function respond(
  { dispatcher, authorizer }: Services,
  { method, headers, url, socket }: IncomingMessage,
  response: ServerResponse,
  body: string | undefined,
): Promise<void> {
  const requestId = randomUUID();
  if (isForeignPage(headers.origin)) {
    const Message = 'The emulator rejects requests from web pages with other origins.';
    send(response, requestId, 403, JSON.stringify({ __type: 'AccessDeniedException', Message }));
    return;
  }
  try {
    if (method !== 'POST') throw new KmsError('UnknownOperationException');
    if (body === undefined) {
      throw new KmsError('RequestEntityTooLargeException', `The request body must not exceed ${maxBodyBytes} bytes.`);
    }
    const request = { method, url, headers, body, sourceIp: socket.remoteAddress, requestId };
    if (isStsRequest(headers)) {
      const { status, body: xml } = respondAsSts(request, authorizer, requestId);
      send(response, requestId, status, xml, 'text/xml');
    } else send(response, requestId, 200, await dispatcher.dispatch(request));
  } catch (error) {
    sendError(response, requestId, headers['x-amz-target'], error);
  }
}

function sendError(response: ServerResponse, requestId: string, target: unknown, error: unknown): void {
  const storageError = toStorageError(error);
  if (error instanceof KmsError) send(response, requestId, 400, formatError(error));
  else if (storageError !== undefined) send(response, requestId, 503, formatError(storageError));
  else {
    // Logs the stack without the message, which may contain values from the request.
    process.stderr.write(`kms-emulator: ${target}: ${(error as Error).stack?.split('\n').slice(1, 4).join('\n')}\n`);
    const bug = new KmsError(
      'KMSInternalException',
      'The emulator failed. Its standard error output contains the stack trace.',
    );
    send(response, requestId, 500, formatError(bug));
  }
}

/** The member is `Message` in AccessDeniedException, and `message` in all other errors. */
function formatError({ code, message }: KmsError): string {
  const name = code === 'AccessDeniedException' ? 'Message' : 'message';
  return JSON.stringify({ __type: code, ...(message === '' ? {} : { [name]: message }) });
}

/** Sends the headers and the body in one write. */
function send(response: ServerResponse, requestId: string, status: number, body: string, type = contentType): void {
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, [
    ...['x-amzn-RequestId', requestId],
    ...['Cache-Control', 'no-cache, no-store, must-revalidate, private'],
    ...['Expires', '0'],
    ...['Pragma', 'no-cache'],
    ...['Content-Type', type],
    ...['Content-Length', String(bytes)],
  ]);
  // Node.js writes latin1 faster than UTF-8. If every character is one byte long in UTF-8, the two encodings are
  // identical.
  response.end(body, bytes === body.length ? 'latin1' : 'utf8');
}
