import { chmodSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createDataDirectory } from './data-directory.ts';
import { masterKeyFileName } from './master-key.ts';
import { migrations } from './migrations.ts';
import { createDamageError, StoreError, toStoreError } from './store-error.ts';

/** `KMSf` in ASCII. It distinguishes the emulator's files from other SQLite files. */
const applicationId = 0x4b4d5366;
const busyTimeoutMs = 5_000;
const busyPauseMs = 10;
export const databaseFileName = 'kms.sqlite';
/** SQLite compares the indexes of a file of this size with its tables in about 0.3 s. Larger files skip the comparison. */
const maxComparedBytes = 16 * 1024 * 1024;

/**
 * Opens the database in a data directory, or an in-memory database. Creates the directory with mode 0700 if it does not
 * exist. Uses a write-ahead log with `synchronous=FULL`, so that every committed transaction is on disk
 * (https://www.sqlite.org/pragma.html#pragma_synchronous). Several processes can open the database concurrently.
 */
export function openDatabase(directory: string | undefined): DatabaseSync {
  if (directory === undefined) return prepare(new DatabaseSync(':memory:'), 'memory');
  const file = join(directory, databaseFileName);
  try {
    createDataDirectory(directory);
    // Create the file first, because SQLite gives its -wal and -shm files the mode of the database file.
    closeSync(openSync(file, 'a', 0o600));
    throwIfUnusable(file);
    chmodSync(file, 0o600);
    return prepare(new DatabaseSync(file), file);
  } catch (error) {
    throw toStoreError(error, file);
  }
}

/**
 * Throws `StoreError` if a file does not belong to the emulator, or is damaged. Only reads the file, so that a foreign file keeps its
 * content, mode and journal. A read-only connection is not suitable, because it would leave the -wal and -shm files of
 * a write-ahead log behind.
 */
function throwIfUnusable(file: string): void {
  // The master key is written after the database, so check for it first: another process may be creating both.
  const hasMasterKey = existsSync(join(dirname(file), masterKeyFileName));
  const { size } = statSync(file);
  if (size === 0) {
    if (!hasMasterKey) return;
    throw new StoreError(
      `${file} is empty, but ${masterKeyFileName} exists, so the stored keys are lost: restore the file from a backup, or delete both files to start with an empty store`,
    );
  }
  if (!startsAsDatabase(file)) {
    throw new StoreError(`${file} is not an emulator store: use another data directory`);
  }
  const database = new DatabaseSync(file);
  try {
    // Read in one transaction, because another process may be creating the store at the same time.
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; BEGIN`);
    throwIfForeignDatabase(database, file);
    throwIfDamaged(database, file, size);
  } finally {
    database.close();
  }
}

/**
 * Throws `StoreError` if the database's pages or indexes are inconsistent. Otherwise, SQLite could return only some of the
 * rows (https://www.sqlite.org/pragma.html#pragma_integrity_check).
 */
function throwIfDamaged(database: DatabaseSync, file: string, bytes: number): void {
  const check = bytes <= maxComparedBytes ? 'integrity_check' : 'quick_check';
  const [fault] = Object.values(database.prepare(`PRAGMA ${check}(1)`).get() ?? {});
  if (fault === 'ok') return;
  throw createDamageError(file, String(fault));
}

/** Returns whether a file has the SQLite header (https://www.sqlite.org/fileformat.html#the_database_header). */
function startsAsDatabase(file: string): boolean {
  const magic = Buffer.alloc(16);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, magic, 0, magic.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return magic.toString('latin1') === 'SQLite format 3\0';
}

function throwIfForeignDatabase(database: DatabaseSync, name: string): void {
  const version = readPragma(database, 'user_version');
  const owner = readPragma(database, 'application_id');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (owner !== applicationId && (owner !== 0 || tables.n > 0)) {
    throw new StoreError(`${name} belongs to another program: use another data directory`);
  }
  if (version > migrations.length) {
    throw new StoreError(
      `${name} was written by a newer version of the emulator (schema ${version}; this version supports ${migrations.length}): update the emulator or use another data directory`,
    );
  }
}

function prepare(database: DatabaseSync, name: string): DatabaseSync {
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;`);
  try {
    useWriteAheadLog(database);
    database.exec('PRAGMA synchronous = FULL');
    migrate(database, name);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * Retries while the database is busy, because SQLite ignores `busy_timeout` when the journal mode changes, and two
 * processes may create a store at the same time.
 */
function useWriteAheadLog(database: DatabaseSync): void {
  const deadlineMs = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadlineMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, busyPauseMs);
    }
  }
}

/** Returns whether an error is SQLITE_BUSY (https://www.sqlite.org/rescode.html#busy) or one of its extended codes. */
function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
}

function migrate(database: DatabaseSync, name: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    throwIfForeignDatabase(database, name);
    const version = readPragma(database, 'user_version');
    for (const migration of migrations.slice(version)) database.exec(migration);
    // Do not write to a database that is up to date.
    if (version < migrations.length) {
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length};`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function readPragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
  return Object.values(row)[0] ?? 0;
}
