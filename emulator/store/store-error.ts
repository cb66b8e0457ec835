/**
 * Reports a data directory or snapshot that cannot be used. The message is one line for the user who starts the
 * emulator.
 */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** Reports a database with a fault that SQLite found. */
export function createDamageError(file: string, fault: string): StoreError {
  return new StoreError(
    `${file} is damaged: restore the data directory from a backup, or use another data directory (SQLite: ${fault.replaceAll(/\s+/g, ' ')})`,
  );
}

/** SQLITE_CORRUPT (https://www.sqlite.org/rescode.html#corrupt). */
const corrupt = 11;

/** Wraps a SQLite or file system error in a `StoreError` whose message contains the file. */
export function toStoreError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof Error && 'errcode' in error && error.errcode === corrupt)
    return createDamageError(file, error.message);
  const { code, message } = error as NodeJS.ErrnoException;
  return new StoreError(`cannot use ${file}: ${message}${advise(code)}`);
}

/** Returns the advice for an error of the file system. The errors of SQLite contain their own reason. */
function advise(code: string | undefined): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return '. Free some space, or use another data directory';
  const isFileError = code !== undefined && /^E[A-Z]+$/.test(code);
  return isFileError ? '. Use a data directory that you can write to, or store the keys in memory' : '';
}
