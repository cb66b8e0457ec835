import type { CallOptions } from '../calls/call-operation.ts';
import type { PublicJwk } from './json-web-key.ts';
import { type JwtAlgorithm, selectAlgorithm } from './jwt-algorithms.ts';
import { forgetPublicKey, type KeyReader, readPublicKey } from './public-keys.ts';

/** A key in a JWK Set, with the same settings as its tokens. */
export interface JwksKey {
  /** A key id, key ARN, alias name or alias ARN. */
  readonly keyId: string;
  /** Default: the same as in `signJwt`. */
  readonly algorithm?: JwtAlgorithm | undefined;
  /** Default: the key's thumbprint (RFC 7638). */
  readonly kid?: string | undefined;
}

/** A JWK Set (RFC 7517 §5). The list is not read-only, because libraries such as `jose` require a list that can be changed. */
export interface Jwks {
  readonly keys: PublicJwk[];
}

/**
 * Returns the public keys with which others verify tokens, for example to serve at `/.well-known/jwks.json`. Contains each
 * key once. Each call reads the keys from the service, so cache the result for some minutes.
 *
 * @example
 * ```ts
 * const set = await jwks(client, ['alias/tokens', 'alias/tokens-next']);
 * response.setHeader('cache-control', 'public, max-age=300').end(JSON.stringify(set));
 * ```
 */
export async function jwks(
  client: KeyReader,
  keys: readonly (string | JwksKey)[],
  options?: CallOptions,
): Promise<Jwks> {
  const found = keys.map((each) => describe(client, typeof each === 'string' ? { keyId: each } : each, options));
  // While a key replaces another, two aliases can have the same key. Verifiers reject a set with two keys that match.
  const byContent = new Map((await Promise.all(found)).map((key) => [JSON.stringify(key), key]));
  return { keys: [...byContent.values()] };
}

async function describe(client: KeyReader, { keyId, algorithm, kid }: JwksKey, options?: CallOptions) {
  forgetPublicKey(client, keyId);
  const { key, members, thumbprint } = await readPublicKey(client, keyId, options);
  return { ...members, kid: kid ?? thumbprint, alg: selectAlgorithm(key, algorithm), use: 'sig' } as const;
}
