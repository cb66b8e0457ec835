import { fromEnv } from '@aws-sdk/credential-provider-env';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../shared/kms/sha256.ts';
import { readAwsSettings } from '../worker-config.ts';

/** A request to an AWS service. */
export interface AwsRequest {
  readonly service: 's3' | 'lambda';
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Thrown if a service returns an error. The message contains neither the body of the request nor that of the response. */
export class AwsRequestError extends Error {
  override readonly name = 'AwsRequestError';
  readonly status: number;

  constructor({ service, method }: AwsRequest, status: number) {
    super(`${service} returned ${status} for ${method}.`);
    this.status = status;
  }

  /** `true` if the same request may succeed later. */
  get isTemporary(): boolean {
    return this.status >= 500 || this.status === 429;
  }
}

/** Sends a signed request. The worker needs three kinds of requests, for which the clients of the SDK would be much larger. */
export async function sendAwsRequest(request: AwsRequest): Promise<Response> {
  const { service, method, url, headers = {}, body = '' } = request;
  const signer = new SignatureV4({
    service,
    region: readAwsSettings().region,
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
  const response = await fetch(url, { method, headers: sent, ...(body !== '' && { body }) });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new AwsRequestError(request, response.status);
}

/** Returns the URL of an object in the bucket of the lists. The name of an execution is part of `key`. */
export function buildObjectUrl(bucket: string, key: string): URL {
  const { region, s3Endpoint } = readAwsSettings();
  const path = key.split('/').map(encodeName).join('/');
  return new URL(
    s3Endpoint === undefined ? `https://${bucket}.s3.${getDomain(region)}/${path}` : `${s3Endpoint}/${bucket}/${path}`,
  );
}

/**
 * Encodes every character except letters, digits, `-`, `.`, `_` and `~`, as S3 does before it checks the signature
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function buildInvokeUrl(functionName: string): URL {
  const { region, lambdaEndpoint: endpoint = `https://lambda.${getDomain(region)}` } = readAwsSettings();
  return new URL(`${endpoint}/2015-03-31/functions/${functionName}/invocations`);
}

function getDomain(region: string): string {
  return `${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
