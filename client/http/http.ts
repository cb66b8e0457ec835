import { timeoutHeader } from '../../shared/declaration/timeout-header.ts';
import { isLoopbackHost } from '../../shared/http/loopback.ts';
import { NetworkError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import {
  type Authorize,
  authorizeWithSigner,
  authorizeWithToken,
  type SignableRequest,
  type Signer,
  type Token,
  withoutAuthorization,
} from './authorize.ts';
import { buildRequest, escapeUri } from './build-request.ts';
import { type Credentials, createSigner } from './create-signer.ts';
import { type HttpResponse, readResponse } from './read-response.ts';

interface Endpoint {
  /**
   * The API's URL, including any base path, such as `https://abc123.execute-api.eu-west-1.amazonaws.com`. The host may
   * be a custom domain.
   */
  readonly endpoint: string;
  /** Headers to send with each request. If the client signs requests, the signature covers these headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the runtime's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** Signs requests with AWS Signature Version 4. */
export interface SignedWithCredentials extends Endpoint {
  /** Credentials, or a provider that is called for each request. */
  readonly credentials: Credentials | (() => Promise<Credentials>);
  /** The API's Region, such as `eu-west-1`. */
  readonly region: string;
}

/** Signs requests with a custom signer. */
export interface SignedBySigner extends Endpoint {
  readonly signer: Signer;
}

/** Sends a bearer token, for an API with a JWT or Lambda authorizer. */
export interface WithToken extends Endpoint {
  readonly token: Token;
}

/** Sends requests without authorization, to stage `local` or to a gateway that authorizes callers by other means. */
export interface Unsigned extends Endpoint {
  readonly credentials?: undefined;
  readonly signer?: undefined;
  readonly token?: undefined;
}

export type HttpOptions = SignedWithCredentials | SignedBySigner | WithToken | Unsigned;

/**
 * Creates a transport that calls the functions over HTTPS, through API Gateway. Plain http is allowed only for
 * localhost, because request and response bodies contain plaintext.
 *
 * @example
 * ```ts
 * http({ endpoint: 'http://localhost:3000' });
 * http({ endpoint, region: 'eu-west-1', credentials: fromNodeProviderChain() });
 * http({ endpoint, token: async () => getAccessToken() });
 * ```
 */
export function http(options: HttpOptions): Transport {
  const { protocol, hostname, host, port, pathname, origin, search } = parseEndpoint(options.endpoint);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new TypeError('The endpoint must use https. Plain http is allowed only for localhost.');
  }
  if (search !== '') throw new TypeError('The endpoint must not have a query.');
  const basePath = pathname.replace(/\/+$/, '');
  const authorize = selectAuthorization(options);
  return {
    async send(operation, input, { signal, timeoutMs }) {
      const { method, path, query, body } = buildRequest(operation, input);
      const request: SignableRequest = {
        method,
        protocol,
        hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        path: `${basePath}${path}`,
        query,
        headers: {
          ...options.headers,
          accept: 'application/json',
          [timeoutHeader]: String(timeoutMs),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          host,
        },
        ...(body === undefined ? {} : { body }),
      };
      // The signature covers `host`, but fetch sets that header itself.
      const { host: _, ...headers } = await authorize(request, signal);
      const init = { method, headers, signal, ...(body === undefined ? {} : { body }), ...privacyOptions };
      const url = `${origin}${request.path}${encodeQuery(query)}`;
      return readResponse(await fetchText(options.fetch ?? fetch, url, init, `${origin}${basePath}`));
    },
  };
}

/**
 * Disables redirects, which could forward a token to another host. Disables cookies, referrers and caches, which could
 * leak or keep data.
 */
const privacyOptions = {
  redirect: 'manual',
  cache: 'no-store',
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
} as const;

function parseEndpoint(endpoint: string): URL {
  // Without a scheme, `localhost:3000` is a URL whose scheme is `localhost`.
  if (!/^[a-z]+:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new TypeError('The endpoint must be a URL with its scheme, such as http://localhost:3000.');
  }
  return new URL(endpoint);
}

function selectAuthorization(options: HttpOptions): Authorize {
  if ('token' in options && options.token !== undefined) return authorizeWithToken(options.token);
  if ('signer' in options && options.signer !== undefined) return authorizeWithSigner(options.signer);
  if ('credentials' in options && options.credentials !== undefined) {
    const { region, credentials } = options;
    return authorizeWithSigner(() => createSigner(region, credentials));
  }
  return withoutAuthorization;
}

function encodeQuery(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${escapeUri(name)}=${escapeUri(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

async function fetchText(
  send: typeof fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
  endpoint: string,
): Promise<HttpResponse> {
  try {
    const response = await send(url, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    if (init.signal.aborted) throw init.signal.reason;
    throw new NetworkError(error, endpoint);
  }
}
