import { isObject, type UnknownObject } from '../../../shared/declaration/json-object.ts';

/** What API Gateway requires of a token on a route. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** A token needs at least one of these scopes. */
  readonly scopes: readonly string[];
}

/** The identity that API Gateway adds to an event as `requestContext.authorizer.jwt`. */
export interface TokenIdentity {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[] | null;
}

export type TokenResult =
  | { readonly identity: TokenIdentity }
  | { readonly status: 401 | 403; readonly error: string; readonly description: string };

/**
 * Reads a bearer token as the JWT authorizer of an HTTP API does, in the same order of checks, except that it does not verify
 * the signature (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html). Only stage
 * `local` accepts such a token, so the token gives no access to AWS.
 */
export function readToken(authorization: string | undefined, rules: TokenRules, nowMs = Date.now()): TokenResult {
  const claims = decodeClaims((authorization ?? '').replace(/^bearer /i, ''));
  if (claims === undefined) return reject('the request has no token, or the token has no claims');
  const problem = findInvalidClaim(claims, rules, nowMs / 1_000);
  if (problem !== undefined) return reject(problem);
  const granted = readScopes(claims);
  if (!rules.scopes.some((scope) => granted.includes(scope))) {
    return {
      status: 403,
      error: 'insufficient_scope',
      description: `the token has none of the scopes ${rules.scopes.join(' and ')}`,
    };
  }
  const texts = Object.entries(claims).map(([name, value]) => [name, formatClaim(value)] as const);
  return { identity: { claims: Object.fromEntries(texts), scopes: granted } };
}

function reject(description: string): TokenResult {
  return { status: 401, error: 'invalid_token', description };
}

function decodeClaims(token: string): UnknownObject | undefined {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || signature === undefined || more.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64Url(payload)));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function fromBase64Url(text: string): Buffer {
  if (!/^[\w-]+$/.test(text)) throw new TypeError('The text is not base64url.');
  return Buffer.from(text, 'base64url');
}

/** Returns a description of the first claim that is not valid. `client_id` counts only if the token has no `aud`. */
function findInvalidClaim(claims: UnknownObject, { issuer, audience }: TokenRules, now: number): string | undefined {
  const { iss, aud = claims.client_id, exp, nbf, iat } = claims;
  const isTime = (value: unknown) => typeof value === 'number';
  if (iss !== issuer) return 'the token does not have the issuer of the parameter jwtIssuer';
  if (![aud].flat().some((name) => audience.includes(String(name)))) return 'the token does not have a valid audience';
  if (!isTime(exp) || exp <= now) return 'the token has expired, or has no claim exp';
  if (nbf !== undefined && !(isTime(nbf) && nbf <= now)) return 'the token is not valid yet';
  if (iat !== undefined && !(isTime(iat) && iat <= now)) return 'the token was issued in the future';
  return undefined;
}

function readScopes({ scope, scp }: UnknownObject): string[] {
  return [scope ?? scp ?? []]
    .flat()
    .filter((item) => typeof item === 'string')
    .flatMap((text) => text.split(' '))
    .filter((text) => text !== '');
}

/**
 * Converts a claim to text, as API Gateway does. A list becomes `[a b]`. AWS does not document the text of other values.
 */
function formatClaim(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatClaim).join(' ')}]`;
  return isObject(value) ? JSON.stringify(value) : String(value);
}
