import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { Attempts } from './attempts.ts';
import type { RetryBudget } from './retry-budget.ts';

type Handler = NonNullable<KMSClientConfig['requestHandler']>;

/** The members of the SDK's request that a request to KMS needs. */
interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array;
}

interface Response {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** The options of `KMSClient.send`, which the SDK passes to the request handler. */
export interface RequestOptions {
  readonly attempts: Attempts;
}

/** The limit for the TCP and TLS handshakes. Longer than a second, after which TCP repeats a lost packet (RFC 6298). */
const connectionTimeoutMs = 2_000;

/** Maps each error or 5xx response to the attempts of its request. */
const attemptsByFault = new WeakMap<object, Attempts>();

/** Returns the attempts of the request that failed with `error`, or `undefined` if the request was not sent. */
export function findAttempts(error: { readonly $response?: unknown } | undefined): Attempts | undefined {
  if (error === undefined) return undefined;
  return attemptsByFault.get(error) ?? attemptsByFault.get(Object(error.$response));
}

/**
 * Creates the handler that sends the SDK's requests. One timer covers the headers and the body of a response. The SDK's
 * own handler sets four timers per request, and none of them covers the body.
 */
export function createRequestHandler(budget: RetryBudget): Handler {
  const pooled = { keepAlive: true };
  const agents = {
    'http:': { pool: new HttpAgent(pooled), fresh: new HttpAgent({ keepAlive: false }) },
    'https:': { pool: new HttpsAgent(pooled), fresh: new HttpsAgent({ keepAlive: false }) },
  };
  const handler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: Request, { attempts }: RequestOptions) => {
      const limitMs = attempts.start(budget.allowsRetry);
      const protocol = request.protocol === 'http:' ? 'http:' : 'https:';
      const agent = agents[protocol][attempts.mayReuseConnection ? 'pool' : 'fresh'];
      return exchange(request, protocol === 'http:' ? httpRequest : httpsRequest, agent, attempts, limitMs);
    },
  };
  return handler as unknown as Handler;
}

function exchange(
  { hostname, port, method, path, headers, body }: Request,
  send: typeof httpsRequest,
  agent: HttpAgent,
  attempts: Attempts,
  limitMs: number,
): Promise<{ response: Response }> {
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    let hasEnded = false;
    const end = () => {
      hasEnded = true;
      clearTimeout(timer);
      attempts.end(performance.now() - startedAtMs);
    };
    const fail = (error: Error) => {
      if (hasEnded) return;
      end();
      attemptsByFault.set(error, attempts);
      reject(error);
      sent.destroy();
    };
    const host = hostname.replace(/^\[|\]$/g, '');
    const sent = send({ host, port, method, path, headers: Object.entries(headers).flat(), agent }, (message) => {
      message.on('error', fail);
      readBody(message, (bytes) => {
        end();
        const response: Response = { statusCode: message.statusCode ?? 0, headers: message.headers, body: bytes };
        if (response.statusCode >= 500) attemptsByFault.set(response, attempts);
        resolve({ response });
      });
    });
    const timer = setTimeout(() => fail(createTimeout('KMS did not respond in time.')), limitMs);
    sent.on('error', fail);
    // Over HTTPS, Node.js sends the request after the TLS handshake.
    const connected = send === httpsRequest ? 'secureConnect' : 'connect';
    watchConnection(sent, connected, () => attempts.markSent(), fail);
    sent.end(body && Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1');
  });
}

function readBody(message: IncomingMessage, done: (bytes: Uint8Array) => void): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => done(Buffer.concat(chunks)));
}

/** Calls `onConnect` before a request is sent, or `fail` if no connection is established in time. */
function watchConnection(
  sent: ClientRequest,
  connected: 'connect' | 'secureConnect',
  onConnect: () => void,
  fail: (error: Error) => void,
): void {
  sent.on('socket', (socket) => {
    if (!socket.connecting) return onConnect();
    const timer = setTimeout(
      () => fail(createTimeout('KMS did not accept a connection in time.')),
      connectionTimeoutMs,
    );
    socket.once(connected, onConnect);
    for (const event of [connected, 'close']) socket.once(event, () => clearTimeout(timer));
  });
}

/** Creates an error with the name that the SDK uses for timeouts. */
function createTimeout(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError' });
}
