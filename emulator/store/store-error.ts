/**
 * Reports a data directory or snapshot that cannot be used. The message is one line for the user who starts the
 * emulator.
 */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** Wraps a SQLite or file system error in a `StoreError` whose message contains the file. */
export function toStoreError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(`cannot use ${file}: ${(error as Error).message}`);
}
