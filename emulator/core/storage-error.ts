import { KmsError } from './kms-error.ts';

/** By SQLite's primary result codes (https://www.sqlite.org/rescode.html): what is wrong with the disk, not with us. */
const faults: Readonly<Record<number, string>> = {
  5: 'is locked by another process',
  8: 'cannot be written: it is read-only',
  10: 'cannot be read or written: the disk failed',
  11: 'is damaged',
  13: 'cannot be written: the disk is full',
  14: 'cannot be opened',
  26: 'is damaged',
};

/**
 * What a request is answered, with HTTP status 503, that the disk under the store kept from being carried out: the one
 * error of KMS that says 'not now', so that an SDK tries again. Nothing of such a request is kept. `undefined` for any other error.
 */
export function toStorageError(error: unknown): KmsError | undefined {
  const { code, errcode = 0 } = error as { code?: string; errcode?: number };
  const fault = code === 'ERR_SQLITE_ERROR' ? faults[errcode % 256] : undefined;
  if (fault === undefined) return undefined;
  return new KmsError('DependencyTimeoutException', `The emulator's store ${fault}. Nothing was changed.`);
}
