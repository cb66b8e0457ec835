/** Returns a request's headers, including those that authorize it. */
export type Authorize = (request: SignableRequest, signal: AbortSignal) => Promise<Record<string, string>>;

/** A request in the form that AWS signers accept. */
export interface SignableRequest {
  method: string;
  /** `https:` or `http:`, with the colon. */
  protocol: string;
  hostname: string;
  port?: number;
  /** The percent-encoded path. */
  path: string;
  /** The query parameters, not encoded. */
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: string;
}

/** Signs requests. AWS signers, such as `SignatureV4` from `@smithy/signature-v4`, implement this interface. */
export interface Signer {
  sign(request: SignableRequest): Promise<{ readonly headers: Record<string, string> }>;
}

/**
 * A bearer token (RFC 6750), or a function that returns a token. The client calls the function for each attempt, so the
 * function can renew the token.
 */
export type Token = string | (() => string | Promise<string>);

export function authorizeWithToken(token: Token): Authorize {
  return async ({ headers }) => {
    const value = typeof token === 'string' ? token : await token();
    // Checks the token here, because an error from fetch would contain the token.
    if (!/^[\x21-\x7e]+$/.test(value))
      throw new TypeError('The token must contain only visible ASCII characters, without spaces.');
    return { ...headers, authorization: `Bearer ${value}` };
  };
}

export function authorizeWithSigner(signer: Signer | (() => Promise<Signer>)): Authorize {
  let loading: Promise<Signer> | undefined;
  return async (request) => {
    loading ??= typeof signer === 'function' ? signer() : Promise.resolve(signer);
    const { headers } = await (await loading).sign(request);
    return headers;
  };
}

export const withoutAuthorization: Authorize = async ({ headers }) => headers;
