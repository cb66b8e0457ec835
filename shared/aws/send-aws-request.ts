import { fromEnv } from '@aws-sdk/credential-provider-env';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../kms/sha256.ts';

/** A request to an AWS service. */
export interface AwsRequest {
  readonly service: 'lambda' | 's3' | 'sns';
  readonly region: string;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The time limit for the request and its response. */
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Thrown if a service returns an error. The message contains neither the body of the request nor that of the response. */
export class AwsRequestError extends Error {
  override readonly name = 'AwsRequestError';
  readonly status: number;

  constructor({ service, method }: AwsRequest, status: number) {
    super(`${service} returned ${status} for ${method}.`);
    this.status = status;
  }
}

/**
 * Sends a signed request. The functions that call this function need few kinds of requests, for which the clients of the
 * SDK would be much larger. Throws `AwsRequestError` for a response with an error.
 */
export async function sendAwsRequest(request: AwsRequest): Promise<Response> {
  const { service, region, method, url, headers = {}, body = '', limitMs, signal } = request;
  const signer = new SignatureV4({
    service,
    region,
    credentials: fromEnv(),
    sha256: Sha256,
    // S3 signs a path as it is (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
    uriEscapePath: service !== 's3',
  });
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: { ...headers, host: url.host },
    body,
  });
  const { host: _, ...sent } = signed.headers;
  const limit = AbortSignal.timeout(limitMs);
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(body !== '' && { body }),
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new AwsRequestError(request, response.status);
}

/** Returns `true` if the same request may succeed later. */
export function isTemporaryAwsError(error: unknown): boolean {
  if (error instanceof AwsRequestError) return error.status >= 500 || error.status === 429;
  // `fetch` throws a TypeError if the connection fails, and a TimeoutError after the time limit.
  return error instanceof TypeError || (error as Error).name === 'TimeoutError';
}
