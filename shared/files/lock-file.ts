import { accessSync, constants, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Error codes of SQLite, whose low byte is the kind of the error (https://www.sqlite.org/rescode.html). */
const codes = {
  /** Another connection has locked the file. */
  busy: 5,
  ioErr: 10,
  notADatabase: 26,
  /** The file was removed, or replaced by another, after it was opened. */
  readonlyDbMoved: 1032,
} as const;
const maxAttempts = 1_000;

/** Thrown for a file of another program. */
export class NotALockError extends Error {
  override readonly name = 'NotALockError';

  constructor(path: string) {
    super(`${path} exists, but is not a lock. Move it to another folder.`);
  }
}

/**
 * Locks a file for this process, and creates it. Returns a function that removes the file and the lock, or `undefined` if
 * another process has the lock. The operating system keeps the lock: it ends with its process, and applies to all
 * processes and containers on the machine, whatever their process ids are. Throws `NotALockError` for a file of another program,
 * and does not change the file.
 */
export function lockFile(path: string): (() => void) | undefined {
  for (let attempt = 1; ; attempt += 1) {
    const database = open(path);
    try {
      database.exec('PRAGMA synchronous = OFF; PRAGMA user_version = 1');
      // Before the first change to a file with content, SQLite checks that the file still has this name. Without the check,
      // a process could lock a file that the process before it has just removed.
      database.exec('BEGIN EXCLUSIVE; PRAGMA user_version = 2');
      return () => {
        rmSync(path, { force: true });
        database.close();
      };
    } catch (error) {
      database.close();
      const { errcode = 0 } = error as { errcode?: number };
      if (errcode === codes.busy) return undefined;
      if (errcode === codes.notADatabase) throw new NotALockError(path);
      // Another process removed the file or its journal meanwhile.
      const isRemoved = errcode === codes.readonlyDbMoved || (errcode & 0xff) === codes.ioErr;
      if (!isRemoved || attempt === maxAttempts) throw error;
    }
  }
}

function open(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    // Explains a missing or protected folder better than SQLite.
    accessSync(dirname(path), constants.W_OK);
    throw error;
  }
}
