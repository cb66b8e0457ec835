/** A data directory that cannot be used. The message is one line for the person who starts the emulator. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/** Wraps an error of SQLite or of the file system in a `StoreError` that names the file. */
export function toStoreError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(`cannot use ${file}: ${(error as Error).message}`);
}
