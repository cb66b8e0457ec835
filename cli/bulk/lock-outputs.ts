import { lockFile, NotALockError } from '../../shared/files/lock-file.ts';
import { FileError, UsageError } from '../exit-codes.ts';

/** Runs an action while no other process writes to the same files. */
export async function withLocks<Result>(files: readonly string[], action: () => Promise<Result>): Promise<Result> {
  const unlocks: (() => void)[] = [];
  try {
    for (const file of files) {
      const unlock = lock(`${file}.lock`);
      if (unlock === undefined) throw new UsageError(`Another process writes to ${file}. Wait until it has ended.`);
      unlocks.push(unlock);
    }
    return await action();
  } finally {
    for (const unlock of unlocks) unlock();
  }
}

function lock(path: string): (() => void) | undefined {
  try {
    return lockFile(path);
  } catch (error) {
    throw error instanceof NotALockError ? new FileError(error.message, error) : error;
  }
}
