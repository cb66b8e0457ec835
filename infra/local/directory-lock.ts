import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The error code of SQLite for a file that another connection has locked (https://www.sqlite.org/rescode.html#busy). */
const sqliteBusy = 5;

/**
 * Locks a directory for this process. Returns a function that removes the lock, or `undefined` if another process has the
 * lock. The operating system removes the lock of a process that ends.
 */
export function lockDirectory(directory: string): (() => void) | undefined {
  const database = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
}
