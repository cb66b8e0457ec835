import { randomUUID } from 'node:crypto';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { HttpRequestInfo } from '../authorization/http-request-info.ts';
import { KmsError } from '../core/kms-error.ts';
import { toStorageError } from '../core/storage-error.ts';
import type { CorsOrigins } from './cors.ts';
import { type Dispatcher, targetPrefix } from './dispatcher.ts';
import { type LatencyMs, wait } from './latency.ts';
import { isForeignPage } from './local-origin.ts';
import { RequestEntry } from './requests/request-entry.ts';
import type { RequestLog } from './requests/request-log.ts';
import { isStsRequest, respondAsSts } from './sts.ts';

/** The maximum size of a KMS request body. It is larger than any request that KMS accepts. */
export const maxBodyBytes = 1024 * 1024;

export interface Services {
  readonly dispatcher: Dispatcher;
  readonly authorizer: Authorizer;
  readonly requests: RequestLog;
  readonly latencyMs: LatencyMs;
  readonly cors: CorsOrigins;
  /** Returns whether the emulator was closed. Its store is then no longer available. */
  readonly isClosed: () => boolean;
}

/** A request to KMS or STS. The body is `undefined` if it is larger than `maxBodyBytes`. */
export interface AwsRequest extends Omit<HttpRequestInfo, 'body'> {
  readonly body: string | undefined;
}

export interface AwsResponse {
  readonly requestId: string;
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
}

/**
 * Answers a request in the same way as KMS and STS, with status 400 for every client error of KMS and a request id in
 * every response. Adds the request to the request log.
 */
export async function answerRequest(services: Services, request: AwsRequest): Promise<AwsResponse> {
  const entry = new RequestEntry(randomUUID(), nameRequest(request));
  if (services.latencyMs !== 0) await wait(services.latencyMs);
  try {
    if (services.isClosed()) {
      return respondWithError(entry, 503, new KmsError('KMSInternalException', 'The emulator is closed.'));
    }
    return await runRequest(services, request, entry);
  } catch (error) {
    return reportError(entry, request, error);
  } finally {
    if (!isConsoleRead(request) || entry.hasFailed) services.requests.add(entry);
  }
}

/**
 * Returns whether a request only fills a page of the console. These requests would replace the requests of programs in the
 * log.
 */
function isConsoleRead({ headers }: AwsRequest): boolean {
  return headers['x-kms-console'] === 'read';
}

/** Returns the operation in the request's headers, or the method and path if the headers contain no operation. */
function nameRequest({ method, url = '', headers }: AwsRequest): string {
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') return `${method} ${url.split('?', 1)[0]}`;
  return target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : target;
}

async function runRequest(
  { dispatcher, authorizer, cors }: Services,
  { method, url, headers, body, sourceIp }: AwsRequest,
  entry: RequestEntry,
): Promise<AwsResponse> {
  const { requestId } = entry;
  if (isForeignPage(headers) && !cors.has(headers.origin)) {
    const message = 'The emulator rejects requests from web pages with other origins.';
    return respondWithError(entry, 403, new KmsError('AccessDeniedException', message));
  }
  if (method !== 'POST') throw new KmsError('UnknownOperationException');
  if (body === undefined) {
    throw new KmsError('RequestEntityTooLargeException', `The request body must not exceed ${maxBodyBytes} bytes.`);
  }
  const whole = { method, url, headers, body, sourceIp, requestId };
  if (isStsRequest(headers)) {
    const { status, body: xml } = respondAsSts(whole, authorizer, entry);
    return { requestId, status, body: xml, contentType: 'text/xml' };
  }
  return { requestId, status: 200, body: await dispatcher.dispatch(whole, entry), contentType: jsonType };
}

const jsonType = 'application/x-amz-json-1.1';

function reportError(entry: RequestEntry, { headers }: AwsRequest, error: unknown): AwsResponse {
  if (error instanceof KmsError) return respondWithError(entry, 400, error);
  const storageError = toStorageError(error);
  if (storageError !== undefined) return respondWithError(entry, 503, storageError);
  // Logs the stack without the message, which may contain values from the request.
  const frames = (error as Error).stack?.split('\n').slice(1, 4).join('\n');
  process.stderr.write(`kms-emulator: ${headers['x-amz-target']}: ${frames}\n`);
  const bug = new KmsError(
    'KMSInternalException',
    'The emulator failed. Its standard error output contains the stack trace.',
  );
  return respondWithError(entry, 500, bug);
}

function respondWithError(entry: RequestEntry, status: number, error: KmsError): AwsResponse {
  entry.fail(error.code, error.message);
  return { requestId: entry.requestId, status, body: formatError(error), contentType: jsonType };
}

/** The member is `Message` in AccessDeniedException, and `message` in all other errors. */
function formatError({ code, message }: KmsError): string {
  const name = code === 'AccessDeniedException' ? 'Message' : 'message';
  return JSON.stringify({ __type: code, ...(message === '' ? {} : { [name]: message }) });
}
