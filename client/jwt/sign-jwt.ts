import { decodeSignature } from '../../envelope/format/ecdsa-signature.ts';
import type { Bytes } from '../../shared/declaration/base64.ts';
import type { CallOptions } from '../calls/call-operation.ts';
import type { Client } from '../client.ts';
import { UnreadableResponseError } from '../errors.ts';
import { encodeBase64Url } from './base64url.ts';
import { describeAlgorithm, type JwtAlgorithm, selectAlgorithm } from './jwt-algorithms.ts';
import { forgetPublicKey, type KeyReader, readPublicKey } from './public-keys.ts';

export type JwtClient = Pick<Client, 'sign'> & KeyReader;

/** The content of a token, and the key that signs it. */
export interface JwtOptions extends Pick<CallOptions, 'signal' | 'timeoutMs'> {
  /** The key that signs: a key id, key ARN, alias name or alias ARN. */
  readonly keyId: string;
  /** The token's claims, such as `{ iss: 'https://example.com', sub: 'user-42' }`. Members must be JSON values. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Sets the claims `iat` (now) and `exp` (now and this number of seconds). Without it, the claims stay as they are. */
  readonly lifetimeSeconds?: number | undefined;
  /** Default: the key's only algorithm, `RS256` for RSA keys, and `EdDSA` for Ed25519 keys. */
  readonly algorithm?: JwtAlgorithm | undefined;
  /** The id by which verifiers find the public key. Default: the key's thumbprint (RFC 7638), as in `jwks`. */
  readonly kid?: string | undefined;
  /** More header parameters, such as `{ typ: 'at+jwt' }`. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** The longest message that KMS signs without a digest (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html). */
const maxMessageBytes = 4_096;
/** The header parameters that follow from other options, or that change what is signed (RFC 7797). */
const ownParameters = ['alg', 'kid', 'b64', 'crit'];

/**
 * Creates a JSON Web Token that a KMS key signs. The private key never leaves KMS. The first call for a key also calls
 * GetPublicKey, unless `algorithm` and `kid` are set.
 *
 * @example
 * ```ts
 * const token = await signJwt(client, { keyId: 'alias/tokens', claims: { sub: 'user-42' }, lifetimeSeconds: 300 });
 * ```
 */
export async function signJwt(client: JwtClient, options: JwtOptions): Promise<string> {
  const { keyId, signal, timeoutMs } = options;
  const payload = encodeBase64Url(JSON.stringify(readClaims(options)));
  const calls = { signal, timeoutMs };
  let { token, isStale } = await signOnce(client, options, payload, calls);
  if (isStale) {
    // The alias has another key than in the cache, so that the header names the wrong key.
    forgetPublicKey(client, keyId);
    ({ token, isStale } = await signOnce(client, options, payload, calls));
  }
  if (isStale) throw new TypeError(`${keyId} changed its key during the call. Call again.`);
  return token;
}

function readClaims({ claims, lifetimeSeconds }: JwtOptions): object {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
    throw new TypeError('`claims` must be an object.');
  if (lifetimeSeconds === undefined) return claims;
  if (!(Number.isInteger(lifetimeSeconds) && lifetimeSeconds > 0))
    throw new TypeError('`lifetimeSeconds` must be a positive integer.');
  const iat = Math.floor(Date.now() / 1000);
  return { ...claims, iat, exp: iat + lifetimeSeconds };
}

async function signOnce(
  client: JwtClient,
  { keyId, algorithm, kid, header = {} }: JwtOptions,
  payload: string,
  calls: CallOptions,
): Promise<{ token: string; isStale: boolean }> {
  const own = ownParameters.find((name) => Object.hasOwn(header, name));
  if (own !== undefined) throw new TypeError(`\`header\` must not contain ${own}.`);
  const known = algorithm === undefined || kid === undefined ? await readPublicKey(client, keyId, calls) : undefined;
  const alg = known === undefined ? (algorithm as JwtAlgorithm) : selectAlgorithm(known.key, algorithm);
  const { signingAlgorithm, coordinateBytes } = describeAlgorithm(alg);
  const parameters = { alg, typ: 'JWT', ...header, kid: kid ?? known?.thumbprint };
  const signed = `${encodeBase64Url(JSON.stringify(parameters))}.${payload}`;
  const message = await prepareMessage(alg, new TextEncoder().encode(signed));
  const { Signature, KeyId } = await client.sign(
    { KeyId: keyId, ...message, SigningAlgorithm: signingAlgorithm },
    calls,
  );
  const signature = coordinateBytes === undefined ? Signature : decodeSignature(Signature, coordinateBytes);
  if (signature === undefined) throw new UnreadableResponseError('/Signature is not an ECDSA signature in DER');
  const isStale = known !== undefined && known.key.KeyId !== KeyId;
  return { token: `${signed}.${encodeBase64Url(signature)}`, isStale };
}

/** Returns the message, or the digest of a long message. Throws RangeError if the algorithm accepts no digest. */
async function prepareMessage(alg: JwtAlgorithm, message: Bytes) {
  if (message.length <= maxMessageBytes) return { Message: message, MessageType: 'RAW' } as const;
  const { hash } = describeAlgorithm(alg);
  if (hash === undefined)
    throw new RangeError(
      `The token has ${message.length} bytes without its signature. With ${alg}, KMS signs at most ${maxMessageBytes}, because it accepts no digest. Use fewer claims, or an RSA or ECDSA key.`,
    );
  return { Message: new Uint8Array(await crypto.subtle.digest(hash, message)), MessageType: 'DIGEST' } as const;
}
