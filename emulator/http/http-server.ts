import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { KmsError } from '../core/kms-error.ts';
import { toStorageError } from '../core/storage-error.ts';
import { type ControlServer, controlPrefix, isLocal } from './control-server.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type LatencyMs, wait } from './latency.ts';
import { isForeignPage } from './local-origin.ts';

/** An import would read all that the module has, and so load the whole of `fetch`: 50 ms of every start. */
const { createServer } = process.getBuiltinModule('node:http');

/** Above the largest request that KMS takes. */
const maxBodyBytes = 1024 * 1024;
const maxSnapshotBytes = 256 * 1024 * 1024;
const contentType = 'application/x-amz-json-1.1';

/** HTTP as KMS speaks it: every call a POST with a target, every error of a client a 400, a request id on each answer. */
export function createHttpServer(dispatcher: Dispatcher, control: ControlServer, latencyMs: LatencyMs): Server {
  const server = createServer((request, response) => {
    const isControl = request.url?.startsWith(controlPrefix) ?? false;
    const maxBytes = isControl && isLocal(request) ? maxSnapshotBytes : maxBodyBytes;
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
    });
    request.on('end', () => {
      const [first = Buffer.alloc(0)] = chunks;
      const whole = chunks.length > 1 ? Buffer.concat(chunks) : first;
      const body = bytes > maxBytes ? undefined : whole.toString('utf8');
      if (isControl) control.answer(request, response, body ?? '');
      else if (latencyMs === 0) void answer(dispatcher, request, response, body);
      else void wait(latencyMs).then(() => answer(dispatcher, request, response, body));
    });
    // A client that goes away in the middle of its request wants no answer.
    request.on('error', () => response.destroy());
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

async function answer(
  dispatcher: Dispatcher,
  { method, headers, url, socket }: IncomingMessage,
  response: ServerResponse,
  body: string | undefined,
): Promise<void> {
  const requestId = randomUUID();
  if (isForeignPage(headers.origin)) {
    const refusal = { __type: 'AccessDeniedException', Message: 'Web pages of other origins are not answered.' };
    send(response, requestId, 403, JSON.stringify(refusal));
    return;
  }
  try {
    if (method !== 'POST') throw new KmsError('UnknownOperationException');
    if (body === undefined)
      throw new KmsError('RequestEntityTooLargeException', `A request has at most ${maxBodyBytes} bytes`);
    const request = { method, url, headers, body, sourceIp: socket.remoteAddress, requestId };
    send(response, requestId, 200, await dispatcher.dispatch(request));
  } catch (error) {
    sendError(response, requestId, headers['x-amz-target'], error);
  }
}

function sendError(response: ServerResponse, requestId: string, target: unknown, error: unknown): void {
  const fault = toStorageError(error);
  if (error instanceof KmsError) send(response, requestId, 400, errorBody(error));
  else if (fault !== undefined) send(response, requestId, 503, errorBody(fault));
  else {
    // What went wrong is told without values: a message may hold a caller's.
    process.stderr.write(`kms-emulator: ${target}: ${(error as Error).stack?.split('\n').slice(1, 4).join('\n')}\n`);
    send(response, requestId, 500, errorBody(new KmsError('KMSInternalException', 'The emulator failed')));
  }
}

/** AWS spells the message of a refusal with a capital. */
function errorBody({ code, message }: KmsError): string {
  const name = code === 'AccessDeniedException' ? 'Message' : 'message';
  return JSON.stringify({ __type: code, ...(message === '' ? {} : { [name]: message }) });
}

/** Header and body in one write. */
function send(response: ServerResponse, requestId: string, status: number, body: string): void {
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, [
    ...['x-amzn-RequestId', requestId],
    ...['Cache-Control', 'no-cache, no-store, must-revalidate, private'],
    ...['Expires', '0'],
    ...['Pragma', 'no-cache'],
    ...['Content-Type', contentType],
    ...['Content-Length', String(bytes)],
  ]);
  // Node writes latin1 faster, and of ASCII, where each character is a byte, the two are the same.
  response.end(body, bytes === body.length ? 'latin1' : 'utf8');
}
