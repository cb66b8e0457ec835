import { lockFile } from '../../shared/files/lock-file.ts';
import { UsageError } from '../exit-codes.ts';

/** Runs an action while no other process writes to the same files. */
export async function withLocks<Result>(files: readonly string[], action: () => Promise<Result>): Promise<Result> {
  const unlocks: (() => void)[] = [];
  try {
    for (const file of files) {
      const unlock = lockFile(`${file}.lock`);
      if (unlock === undefined) throw new UsageError(`Another process writes to ${file}. Wait until it has ended.`);
      unlocks.push(unlock);
    }
    return await action();
  } finally {
    for (const unlock of unlocks) unlock();
  }
}
