import { isObject, type UnknownObject } from '../../../shared/declaration/json-object.ts';
import { toClaimTexts } from '../../../shared/http/claim-texts.ts';

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
  const token = decodeToken((authorization ?? '').replace(/^bearer /i, ''));
  if (token === undefined) return reject('the request has no token, or the token has no header or no claims');
  const { header, claims } = token;
  if (!isVerifiable(header)) return reject('the token does not have a kid and an algorithm for RSA keys');
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
  return { identity: { claims: toClaimTexts(claims), scopes: granted } };
}

function reject(description: string): TokenResult {
  return { status: 401, error: 'invalid_token', description };
}

interface Token {
  readonly header: UnknownObject;
  readonly claims: UnknownObject;
}

function decodeToken(text: string): Token | undefined {
  const [first, second, signature, ...more] = text.split('.');
  if (!first || !second || signature === undefined || more.length > 0) return undefined;
  try {
    const [header, claims] = [decodeObject(first), decodeObject(second)];
    return isObject(header) && isObject(claims) ? { header, claims } : undefined;
  } catch {
    return undefined;
  }
}

function decodeObject(text: string): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64Url(text)));
}

/**
 * Returns whether API Gateway could verify a token's signature. It supports only RSA keys, which it finds by the `kid`. Tokens
 * without a signature are for stage `local` alone.
 */
function isVerifiable({ alg, kid }: UnknownObject): boolean {
  if (alg === 'none') return true;
  return typeof kid === 'string' && /^[RP]S(256|384|512)$/.test(String(alg));
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
