import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { WrappingKeySpec } from '../../crypto/key-wrapping.ts';
import type { Store } from '../../store/store.ts';

/** What an import token holds: how the material that comes with it is wrapped, and the key that unwraps it. */
export interface ImportToken {
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly wrappingAlgorithm: string;
  /** PKCS#8. */
  readonly wrappingPrivateKey: Uint8Array;
  readonly validToMs: number;
}

const labelOf = ({ arn }: Key) => `kms-functions/import-token/v1 ${arn}`;

/**
 * A token is all that the emulator knows of an import: JSON, sealed under the master key and bound to the KMS key, so
 * that nothing has to be kept for those that never come back. At most 3,500 bytes, of the 6,144 that AWS allows.
 */
export function sealImportToken(store: Store, key: Key, token: ImportToken): Buffer {
  const wrappingPrivateKey = Buffer.from(token.wrappingPrivateKey).toString('base64');
  return store.seal(labelOf(key), Buffer.from(JSON.stringify({ ...token, wrappingPrivateKey })));
}

/** Throws InvalidImportTokenException, also for the token of another key, or ExpiredImportTokenException. */
export function openImportToken(store: Store, key: Key, given: Uint8Array, nowMs: number): ImportToken {
  const { fixedImportToken: fixed } = key.record;
  const isFixed = fixed !== undefined && fixed.given === Buffer.from(given).toString('base64');
  const token = read(store, key, isFixed ? Buffer.from(fixed.sealed, 'base64') : given);
  if (token.validToMs <= nowMs) throw new KmsError('ExpiredImportTokenException', 'The import token has expired.');
  return token;
}

function read(store: Store, key: Key, sealed: Uint8Array): ImportToken {
  let opened: Buffer;
  try {
    opened = store.unseal(labelOf(key), sealed);
  } catch {
    throw new KmsError('InvalidImportTokenException', 'The import token is not valid for this key.');
  }
  const token = JSON.parse(opened.toString()) as Omit<ImportToken, 'wrappingPrivateKey'> & {
    wrappingPrivateKey: string;
  };
  return { ...token, wrappingPrivateKey: Buffer.from(token.wrappingPrivateKey, 'base64') };
}
