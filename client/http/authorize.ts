import type { Signer } from './signer.ts';

/** Gives the headers that let a request through. */
export type Authorize = (request: SignableRequest, signal: AbortSignal) => Promise<Record<string, string>>;

/** A request in the form that AWS's signers take. */
export interface SignableRequest {
  method: string;
  /** `https:` */
  protocol: string;
  hostname: string;
  port?: number;
  /** Percent-encoded. */
  path: string;
  /** Not encoded. */
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: string;
}

/** A bearer token (RFC 6750), or what gets one: asked for each attempt, so that it can renew it. */
export type Token = string | (() => string | Promise<string>);

export function withToken(token: Token): Authorize {
  return async ({ headers }) => {
    const value = typeof token === 'string' ? token : await token();
    // Checked here, since fetch would repeat the token in its error.
    if (!/^[\x21-\x7e]+$/.test(value)) throw new TypeError('the token must be visible ASCII, without spaces');
    return { ...headers, authorization: `Bearer ${value}` };
  };
}

export function withSigner(signer: Signer | (() => Promise<Signer>)): Authorize {
  let loading: Promise<Signer> | undefined;
  return async (request) => {
    loading ??= typeof signer === 'function' ? signer() : Promise.resolve(signer);
    const { headers } = await (await loading).sign(request);
    return headers;
  };
}

export const asItIs: Authorize = async ({ headers }) => headers;
