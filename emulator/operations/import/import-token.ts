import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { WrappingKeySpec } from '../../crypto/key-wrapping.ts';
import type { Store } from '../../store/store.ts';

/**
 * The content of an import token. It describes how the material is wrapped, and contains the private key that unwraps
 * it.
 */
export interface ImportToken {
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly wrappingAlgorithm: string;
  /** A PKCS#8 private key. */
  readonly wrappingPrivateKey: Uint8Array;
  readonly validToMs: number;
}

const buildLabel = ({ arn }: Key) => `kms-functions/import-token/v1 ${arn}`;

/**
 * Creates an import token. It is JSON that is encrypted under the master key and bound to the KMS key. The store does
 * not keep tokens, so abandoned imports use no space. A token is at most 3,500 bytes long; AWS allows 6,144.
 */
export function sealImportToken(store: Store, key: Key, token: ImportToken): Buffer {
  const wrappingPrivateKey = Buffer.from(token.wrappingPrivateKey).toString('base64');
  return store.seal(buildLabel(key), Buffer.from(JSON.stringify({ ...token, wrappingPrivateKey })));
}

/**
 * Reads an import token. Throws InvalidImportTokenException if the token is not valid for this key, and
 * ExpiredImportTokenException if it has expired.
 */
export function openImportToken(store: Store, key: Key, given: Uint8Array, nowMs: number): ImportToken {
  const { fixedImportToken: fixed } = key.record;
  const isFixed = fixed !== undefined && fixed.given === Buffer.from(given).toString('base64');
  const token = unsealToken(store, key, isFixed ? Buffer.from(fixed.sealed, 'base64') : given);
  if (token.validToMs <= nowMs) throw new KmsError('ExpiredImportTokenException', 'The import token has expired.');
  return token;
}

function unsealToken(store: Store, key: Key, sealed: Uint8Array): ImportToken {
  let opened: Buffer;
  try {
    opened = store.unseal(buildLabel(key), sealed);
  } catch {
    throw new KmsError('InvalidImportTokenException');
  }
  const token = JSON.parse(opened.toString()) as Omit<ImportToken, 'wrappingPrivateKey'> & {
    wrappingPrivateKey: string;
  };
  return { ...token, wrappingPrivateKey: Buffer.from(token.wrappingPrivateKey, 'base64') };
}
