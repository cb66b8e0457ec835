import { defaultAccount } from '../../../emulator/core/credential.ts';
import type { Authorizer } from '../../gateway/authorizer.ts';
import type { LocalSettings } from '../local-settings.ts';
import type { AllowsRoute, RouteRequest } from './authorize-route.ts';
import { createSignerReader, type SignerIdentity } from './read-signer.ts';
import { readToken, type TokenIdentity } from './read-token.ts';

/** The identity of a caller, which an event contains as `requestContext.authorizer`. */
export type CallerIdentity = { readonly iam: SignerIdentity } | { readonly jwt: TokenIdentity };

/** The reason for which API Gateway rejects a request. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Authorizes a request for a route. Without a method and a path, does not evaluate the caller's policies. Returns an empty
 * object if the route has no authorizer.
 */
export type Authorize = (
  authorizer: Authorizer | undefined,
  request: RouteRequest | Pick<RouteRequest, 'headers'>,
) => Promise<{ readonly identity?: CallerIdentity; readonly refusal?: Refusal }>;

/** Creates a function that authorizes requests as the authorizers of an HTTP API do. */
export function createAuthorize(
  { region, issuer = '', audience = [] }: Pick<LocalSettings, 'region' | 'issuer' | 'audience'>,
  emulator: string,
  allowsRoute: AllowsRoute = () => true,
): Authorize {
  const readSigner = createSignerReader(emulator, region);
  return async (authorizer, request) => {
    const { authorization } = request.headers;
    if (authorizer === undefined) return {};
    if ('name' in authorizer) return authorizeToken(authorization, { issuer, audience, scopes: authorizer.scopes });
    const iam = await readSigner(authorization);
    // An HTTP API has no resource policy that could allow callers of other accounts
    // (https://repost.aws/knowledge-center/api-gateway-cross-account-403).
    if (iam?.accountId !== defaultAccount) return { refusal: forbidden };
    return !('path' in request) || allowsRoute(iam, request) ? { identity: { iam } } : { refusal: forbidden };
  };
}

const forbidden: Refusal = { status: 403, message: 'Forbidden', headers: {} };

/**
 * The header `www-authenticate` contains the reason
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html).
 */
function authorizeToken(authorization: string | undefined, rules: Parameters<typeof readToken>[1]) {
  const result = readToken(authorization, rules);
  if ('identity' in result) return { identity: { jwt: result.identity } };
  const { status, error, description } = result;
  const scope = status === 403 ? rules.scopes.join(' ') : '';
  const reason = `Bearer scope="${scope}" error="${error}" error_description="${description}"`;
  const message = status === 401 ? 'Unauthorized' : 'Forbidden';
  return { refusal: { status, message, headers: { 'www-authenticate': reason } } };
}
