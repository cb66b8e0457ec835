import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { WrappingKeySpec } from '../../crypto/key-wrapping.ts';
import type { Store } from '../../store/store.ts';

/** The content of an import token: how the imported material is wrapped, and the key that unwraps it. */
export interface ImportToken {
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly wrappingAlgorithm: string;
  /** PKCS#8. */
  readonly wrappingPrivateKey: Uint8Array;
  readonly validToMs: number;
}

const buildLabel = ({ arn }: Key) => `kms-functions/import-token/v1 ${arn}`;

/**
 * Creates an import token: JSON, encrypted under the master key and bound to the KMS key. The store saves nothing,
 * so abandoned imports use no space. A token has at most 3,500 bytes; AWS allows 6,144.
 */
export function sealImportToken(store: Store, key: Key, token: ImportToken): Buffer {
  const wrappingPrivateKey = Buffer.from(token.wrappingPrivateKey).toString('base64');
  return store.seal(buildLabel(key), Buffer.from(JSON.stringify({ ...token, wrappingPrivateKey })));
}

/** Reads an import token. Throws InvalidImportTokenException if it is for another key, or ExpiredImportTokenException. */
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
    throw new KmsError('InvalidImportTokenException', 'The import token is not valid for this key.');
  }
  const token = JSON.parse(opened.toString()) as Omit<ImportToken, 'wrappingPrivateKey'> & {
    wrappingPrivateKey: string;
  };
  return { ...token, wrappingPrivateKey: Buffer.from(token.wrappingPrivateKey, 'base64') };
}
