import type { Bytes } from '../../shared/declaration/base64.ts';
import type { OutputFor } from '../operation-types.ts';
import { encodeBase64Url } from './base64url.ts';
import type { JwtAlgorithm } from './jwt-algorithms.ts';

/** A public key for signatures, as in a JWK Set (RFC 7517, RFC 8037). */
export interface PublicJwk {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  readonly kid: string;
  readonly alg: JwtAlgorithm;
  readonly use: 'sig';
  readonly n?: string;
  readonly e?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
}

/** The members of a public key that determine it. Their names are in the order of RFC 7638 §3.3. */
type KeyMembers = Pick<PublicJwk, 'kty' | 'n' | 'e' | 'crv' | 'x' | 'y'>;

const curves: Readonly<Record<string, { readonly crv: string; readonly coordinateBytes: number } | undefined>> = {
  ECC_NIST_P256: { crv: 'P-256', coordinateBytes: 32 },
  ECC_NIST_P384: { crv: 'P-384', coordinateBytes: 48 },
  ECC_NIST_P521: { crv: 'P-521', coordinateBytes: 66 },
  ECC_SECG_P256K1: { crv: 'secp256k1', coordinateBytes: 32 },
};
const edwardsKeyBytes = 32;

/** Converts a public key of KMS, a SubjectPublicKeyInfo in DER, to the members of a JWK. */
export async function toKeyMembers({ KeySpec, PublicKey }: OutputFor<'getPublicKey'>): Promise<KeyMembers> {
  // The key is the last part of the structure, and has the same length for each key of a curve (RFC 5480, RFC 8410).
  if (KeySpec === 'ECC_NIST_EDWARDS25519')
    return { crv: 'Ed25519', kty: 'OKP', x: encodeBase64Url(PublicKey.slice(-edwardsKeyBytes)) };
  const curve = curves[KeySpec];
  if (curve === undefined) return readRsaKey(PublicKey);
  const { crv, coordinateBytes } = curve;
  const [x, y] = [PublicKey.slice(-2 * coordinateBytes, -coordinateBytes), PublicKey.slice(-coordinateBytes)];
  return { crv, kty: 'EC', x: encodeBase64Url(x), y: encodeBase64Url(y) };
}

async function readRsaKey(spki: Bytes): Promise<KeyMembers> {
  const key = await crypto.subtle.importKey('spki', spki, { name: 'RSA-PSS', hash: 'SHA-256' }, true, ['verify']);
  const { e, n } = await crypto.subtle.exportKey('jwk', key);
  return { e: e as string, kty: 'RSA', n: n as string };
}

/** Computes the thumbprint of a public key (RFC 7638), the hash of its members in lexicographic order. */
export async function computeThumbprint(members: KeyMembers): Promise<string> {
  const text = JSON.stringify(members, Object.keys(members).sort());
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
