import { type AwsResponse, answerRequest, maxBodyBytes, type Services } from '../answer-request.ts';

/** The parts of an SDK's HTTP request that the emulator reads. */
export interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A response that the SDK reads in the same way as a response from the network. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/**
 * Answers the requests of AWS SDK clients without a connection. Pass it as `requestHandler` to a client of the AWS SDK for
 * JavaScript v3. Implements `HttpHandler` in `@smithy/core`.
 */
export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkRequest, options?: { readonly abortSignal?: unknown }): Promise<{ response: SdkResponse }>;
  /** Does nothing, because the handler has no connections. Call `close` of the emulator to stop the emulator. */
  destroy(): void;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
}

export function createRequestHandler(services: Services): RequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async ({ method, path, headers, body }, { abortSignal } = {}) => {
      throwIfAborted(abortSignal);
      const text = readBody(body);
      const request = {
        method,
        url: path,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        body: Buffer.byteLength(text) > maxBodyBytes ? undefined : text,
        sourceIp: '127.0.0.1',
      };
      const response = await waitUnlessAborted(answerRequest(services, request), abortSignal);
      return { response: toSdkResponse(response) };
    },
    destroy: () => {},
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
}

function readBody(body: unknown): string {
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new TypeError('The emulator reads only request bodies that are text or bytes.');
}

function toSdkResponse({ status, requestId, contentType, body }: AwsResponse): SdkResponse {
  const headers = { 'x-amzn-requestid': requestId, 'content-type': contentType };
  return { statusCode: status, headers, body: Buffer.from(body) };
}

/** Waits for a result. Throws as soon as the signal aborts. */
async function waitUnlessAborted<Result>(result: Promise<Result>, signal: unknown): Promise<Result> {
  if (!(signal instanceof AbortSignal)) return result;
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([result, aborted]);
    throwIfAborted(signal);
    return await result;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Throws the error that the SDK's own handlers throw for an aborted request. */
function throwIfAborted(signal: unknown): void {
  if (!(signal as { aborted?: boolean } | undefined)?.aborted) return;
  throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
