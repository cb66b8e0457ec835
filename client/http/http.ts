import { isLoopbackHost } from '../../shared/http/loopback.ts';
import { NetworkError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { type Authorize, asItIs, type SignableRequest, type Token, withSigner, withToken } from './authorize.ts';
import { readAnswer } from './read-answer.ts';
import { escapeUri, requestOnRoute } from './request-on-route.ts';
import { type Credentials, type Signer, signerFor } from './signer.ts';

interface Endpoint {
  /** `https://abc123.execute-api.eu-west-1.amazonaws.com`, or a domain of your own, with its base path if it has one. */
  readonly endpoint: string;
  /** Sent with each request, and signed where requests are. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The runtime's own by default. */
  readonly fetch?: typeof fetch | undefined;
}

/** Requests signed with AWS Signature Version 4. */
export interface SignedWithCredentials extends Endpoint {
  readonly credentials: Credentials | (() => Promise<Credentials>);
  /** The API's Region, such as `eu-west-1`. */
  readonly region: string;
}

/** Requests signed by a signer of your own. */
export interface SignedBySigner extends Endpoint {
  readonly signer: Signer;
}

/** Requests with a bearer token, for an API with a JWT or Lambda authorizer. */
export interface WithToken extends Endpoint {
  readonly token: Token;
}

/** Requests as they are: stage `local`, or a gateway that lets callers in by other means. */
export interface Unsigned extends Endpoint {
  readonly credentials?: undefined;
  readonly signer?: undefined;
  readonly token?: undefined;
}

export type HttpOptions = SignedWithCredentials | SignedBySigner | WithToken | Unsigned;

/** Calls the functions over HTTPS, through API Gateway. Plain http is for this machine only, since bodies hold plaintexts. */
export function http(options: HttpOptions): Transport {
  const { protocol, hostname, host, port, pathname, origin, search } = new URL(options.endpoint);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new TypeError('the endpoint must be https; http is for localhost only');
  }
  if (search !== '') throw new TypeError('the endpoint must have no query');
  const basePath = pathname.replace(/\/+$/, '');
  const authorize = authorizeBy(options);
  return {
    async send(operation, input, { signal }) {
      const { method, path, query, body } = requestOnRoute(operation, input);
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
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          host,
        },
        ...(body === undefined ? {} : { body }),
      };
      // `host` is signed, but fetch writes it itself.
      const { host: _, ...headers } = await authorize(request, signal);
      const init = { method, headers, signal, ...(body === undefined ? {} : { body }), ...noTraces };
      return readAnswer(await received(options.fetch ?? fetch, `${origin}${request.path}${queryText(query)}`, init));
    },
  };
}

/** No redirect may carry a token elsewhere; no cookie, no referrer, nothing kept. */
const noTraces = { redirect: 'manual', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' } as const;

function authorizeBy(options: HttpOptions): Authorize {
  if ('token' in options && options.token !== undefined) return withToken(options.token);
  if ('signer' in options && options.signer !== undefined) return withSigner(options.signer);
  if ('credentials' in options && options.credentials !== undefined) {
    const { region, credentials } = options;
    return withSigner(() => signerFor(region, credentials));
  }
  return asItIs;
}

function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${escapeUri(name)}=${escapeUri(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

async function received(send: typeof fetch, url: string, init: RequestInit & { signal: AbortSignal }) {
  try {
    const response = await send(url, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    if (init.signal.aborted) throw init.signal.reason;
    throw new NetworkError(error);
  }
}
