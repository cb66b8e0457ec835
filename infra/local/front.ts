import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listen } from '../../emulator/http/listen.ts';
import { isForeignPage } from '../../emulator/http/local-origin.ts';
import { writeInvocation } from './invocation-context.ts';

/** A response to an HTTP request. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Answers a request. `body` is `undefined` if the body exceeds the front's limit. */
export type Answer = (message: IncomingMessage, body: Buffer | undefined) => Promise<Reply>;

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens on a port, reads each request's body up to a limit, and sends the answer. Web pages of `origins` may send requests,
 * too. Throws ListenError.
 */
export async function startFront(
  address: { host: string; port: number },
  maxBodyBytes: number,
  answer: Answer,
  origins: readonly string[] = [],
): Promise<Front> {
  const server = createServer((message, response) => {
    const answerPage = isRejected(message, origins) ? async () => foreignPage : answer;
    void respond(message, response, maxBodyBytes, answerPage);
  });
  await listen(server, address.port, address.host);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return closed;
}

/** The functions use any credentials, so only the origin protects them from other websites that the developer visits. */
const foreignPage: Reply = {
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: 'This server rejects requests from web pages with other origins.' }),
};

/** Returns whether to reject a request. Preflight requests change nothing, and the response tells browsers what is allowed. */
function isRejected({ method, headers }: IncomingMessage, origins: readonly string[]): boolean {
  const isAllowed = headers.origin !== undefined && origins.includes(headers.origin);
  return method !== 'OPTIONS' && !isAllowed && isForeignPage(headers);
}

async function respond(message: IncomingMessage, response: ServerResponse, maxBodyBytes: number, answer: Answer) {
  try {
    const received = await readBody(message, maxBodyBytes);
    const { status, headers, body } = await answer(message, received);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(message.method === 'HEAD' ? undefined : body);
  } catch (error) {
    // A caller that ends the connection is not an error of this server.
    if (message.destroyed || response.destroyed) return;
    process.stderr.write(`${String(error)}\n`);
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal Server Error"}');
  }
}

/** Reads the whole body, so that the caller can always read the response. Returns `undefined` if the body is too long. */
async function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += (chunk as Buffer).length;
    if (bytes <= maxBytes) chunks.push(chunk as Buffer);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(chunks);
}

export interface Invocation {
  readonly payload: string | Buffer;
  /** `true` if the local API invokes the function, as API Gateway does through its alias. */
  readonly isGateway?: true;
  /** The header with which a direct invoker chooses the type of an invocation. */
  readonly type?: string;
  /** The header with which a direct invoker passes a client context. */
  readonly clientContext?: string | undefined;
}

export interface InvocationResult {
  readonly status: number;
  readonly isError: boolean;
  readonly payload: string;
}

/** Invokes a function by its name in Lambda. */
export type Invoke = (functionName: string, invocation: Invocation) => Promise<InvocationResult>;

/** Creates an invoker that calls serverless-offline's Lambda server on a Unix socket. */
export function createInvoker(socketPath: string): Invoke {
  return (functionName, { payload, isGateway = false, type, clientContext }) =>
    new Promise((resolve, reject) => {
      const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
      const headers = {
        ...(type === undefined ? {} : { 'x-amz-invocation-type': type }),
        'x-amz-client-context': writeInvocation(isGateway, clientContext),
        'content-length': Buffer.byteLength(payload),
      };
      const sent = request({ socketPath, path, method: 'POST', headers }, (response) => {
        readText(response).then(
          (text) =>
            resolve({
              status: response.statusCode ?? 500,
              isError: response.headers['x-amz-function-error'] !== undefined,
              payload: text,
            }),
          reject,
        );
      });
      sent.once('error', reject);
      sent.end(payload);
    });
}

async function readText(message: IncomingMessage): Promise<string> {
  return (await readBody(message, Number.POSITIVE_INFINITY))?.toString('utf8') ?? '';
}
