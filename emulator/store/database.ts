import { chmodSync, closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** `KMSf`: what tells our file from any other SQLite file. */
const applicationId = 0x4b4d5366;
const busyTimeoutMs = 5_000;
const busyPauseMs = 10;
export const databaseFileName = 'kms.sqlite';

/** A data directory that cannot be used, and why: told to whoever starts the emulator. */
export class StoreError extends Error {
  override name = 'StoreError';
}

/**
 * Opens the store of a data directory (made where absent, mode 0700), or one in memory.
 * Write-ahead log with `synchronous=FULL`: a transaction that has returned is on the disk
 * (https://www.sqlite.org/pragma.html#pragma_synchronous). Several processes may have it open.
 */
export function openDatabase(directory: string | undefined): DatabaseSync {
  if (directory === undefined) return prepare(new DatabaseSync(':memory:'), 'memory');
  const file = join(directory, databaseFileName);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // SQLite gives its -wal and -shm files the mode of the database file, so this one is made before it looks.
    closeSync(openSync(file, 'a', 0o600));
    refuseForeignFile(file);
    chmodSync(file, 0o600);
    return prepare(new DatabaseSync(file), file);
  } catch (error) {
    throw asStoreError(error, file);
  }
}

/** What SQLite or the file system says, as an error that names the file. */
export function asStoreError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(`cannot use ${file}: ${(error as Error).message}`);
}

/**
 * Only reads, so that a file which is not ours, or not yet, stays as it is: its mode and its journal too. Not by a read-only
 * connection, which would leave the -wal and -shm files of a write-ahead log behind.
 */
function refuseForeignFile(file: string): void {
  if (statSync(file).size === 0) return;
  if (!startsAsDatabase(file)) throw new StoreError(`${file} is not a store of the emulator`);
  const database = new DatabaseSync(file);
  try {
    // One transaction: another process may be making the store at this moment.
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; BEGIN`);
    refuseForeignDatabase(database, file);
  } finally {
    database.close();
  }
}

/** https://www.sqlite.org/fileformat.html#the_database_header */
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

function refuseForeignDatabase(database: DatabaseSync, name: string): void {
  const version = pragma(database, 'user_version');
  const owner = pragma(database, 'application_id');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (owner !== applicationId && (owner !== 0 || tables.n > 0)) {
    throw new StoreError(`${name} is a database of another program`);
  }
  if (version > migrations.length) {
    throw new StoreError(
      `${name} was written by a newer version (store ${version}; this one knows ${migrations.length})`,
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

/** The one change that SQLite does not wait for by itself, as when two processes make a store at the same moment. */
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

/** https://www.sqlite.org/rescode.html#busy, with its extended codes. */
function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;
}

function migrate(database: DatabaseSync, name: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    refuseForeignDatabase(database, name);
    const version = pragma(database, 'user_version');
    for (const migration of migrations.slice(version)) database.exec(migration);
    // A store that is up to date is not written to.
    if (version < migrations.length) {
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length};`);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
  return Object.values(row)[0] ?? 0;
}
