import { KmsError } from './kms-error.ts';

/**
 * SQLite's primary result codes for storage problems (https://www.sqlite.org/rescode.html), with the text for the error
 * message.
 */
const diskProblems: Readonly<Record<number, string>> = {
  5: 'is locked by another process',
  8: 'cannot be written: it is read-only',
  10: 'cannot be read or written: the disk failed',
  11: 'is damaged',
  13: 'cannot be written: the disk is full',
  14: 'cannot be opened',
  26: 'is damaged',
};

/**
 * Converts a SQLite storage error to the error that the emulator returns with HTTP status 503. Uses
 * DependencyTimeoutException, because SDKs retry that error, and because no other error in the KMS model means "try
 * again later". The failed request changed nothing. Returns `undefined` for any other error.
 */
export function toStorageError(error: unknown): KmsError | undefined {
  const { code, errcode = 0 } = error as { code?: string; errcode?: number };
  const problem = code === 'ERR_SQLITE_ERROR' ? diskProblems[errcode % 256] : undefined;
  if (problem === undefined) return undefined;
  return new KmsError('DependencyTimeoutException', `The emulator's store ${problem}. Nothing was changed.`);
}
