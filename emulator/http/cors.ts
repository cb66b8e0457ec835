import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { OptionError } from './option-error.ts';

/** The headers that SDKs in browsers send, in addition to those that browsers always allow. */
const sdkHeader = /^(authorization|content-type|x-amz-[a-z0-9-]+|amz-sdk-[a-z0-9-]+)$/;
/** The time for which a browser reuses the response to a preflight request. Chromium uses at most two hours. */
const maxAgeSeconds = 7200;

/** The web origins that may call KMS and read the responses. */
export class CorsOrigins {
  readonly #origins: ReadonlySet<string>;

  /** Throws OptionError if an origin is not exact. */
  constructor(origins: readonly string[] = []) {
    this.#origins = new Set(origins.map(parseOrigin));
  }

  has(origin: string | undefined): origin is string {
    return origin !== undefined && this.#origins.has(origin);
  }

  /** Lets the page that sent a request read the response, if the page's origin is in the list. */
  allowReading(response: ServerResponse, origin: string | undefined): void {
    if (!this.has(origin)) return;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', 'x-amzn-RequestId, Date');
    response.setHeader('Vary', 'Origin');
  }

  /** Returns the headers for a preflight request, or undefined for any other request. */
  preflightHeaders(method: string | undefined, headers: IncomingHttpHeaders): readonly string[] | undefined {
    const { origin } = headers;
    if (method !== 'OPTIONS' || !this.has(origin) || headers['access-control-request-method'] === undefined) {
      return undefined;
    }
    const requested = (headers['access-control-request-headers'] ?? '').toLowerCase().split(/\s*,\s*/);
    return [
      ...['Access-Control-Allow-Origin', origin],
      ...['Access-Control-Allow-Methods', 'POST'],
      ...['Access-Control-Allow-Headers', requested.filter((name) => sdkHeader.test(name)).join(', ')],
      ...['Access-Control-Max-Age', String(maxAgeSeconds)],
      ...['Vary', 'Origin, Access-Control-Request-Headers'],
    ];
  }
}

function parseOrigin(text: string): string {
  if (text === '*') {
    throw new OptionError(
      'the CORS origin "*" would let every website use the keys: list the origins of your own pages',
    );
  }
  const origin = URL.canParse(text) ? new URL(text).origin : 'null';
  if (/^https?:\/\/[^*]+$/.test(origin) && origin === text) return origin;
  const hint = /^https?:\/\/[^*]+$/.test(origin) ? `. Did you mean ${origin}?` : '';
  throw new OptionError(
    `the CORS origin "${text}" must be a scheme, a host and, if necessary, a port, such as http://localhost:5173${hint}`,
  );
}
