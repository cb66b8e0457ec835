import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isObject } from '../../shared/declaration/json-object.ts';
import { readPragma } from './database.ts';
import { StoreError } from './store-error.ts';

/**
 * The content of a store as JSON, with rows by table and bytes in base64. Key material stays encrypted, so a snapshot
 * can be restored only into a store with the same master key.
 */
export interface Snapshot {
  /** The schema version. */
  readonly store: number;
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>;
}

type Cell = string | number | null | { readonly base64: string };

export function takeSnapshot(database: DatabaseSync): Snapshot {
  const tables = tableNames(database).map((table) => [
    table,
    database.prepare(`SELECT * FROM "${table}"`).all().map(toCells),
  ]);
  return { store: readPragma(database, 'user_version'), tables: Object.fromEntries(tables) };
}

/** Replaces the content of the store with a snapshot. Call it inside a transaction. */
export function putSnapshot(database: DatabaseSync, snapshot: Snapshot): void {
  if (!isObject(snapshot) || !isObject(snapshot.tables)) {
    throw new StoreError('the snapshot must have the members `store` and `tables`, as the emulator returned them');
  }
  const version = readPragma(database, 'user_version');
  if (snapshot.store !== version) {
    throw new StoreError(
      `the snapshot has schema version ${snapshot.store}, but the store has schema version ${version}: restore the snapshot with the emulator version that created it`,
    );
  }
  clearAll(database);
  for (const table of tableNames(database)) {
    const inserts = new Map<string, StatementSync>();
    for (const row of snapshot.tables[table] ?? []) {
      const columns = Object.keys(row)
        .map((column) => `"${column.replaceAll('"', '""')}"`)
        .join(', ');
      const insert = inserts.get(columns) ?? prepareInsert(database, table, columns, Object.keys(row).length);
      inserts.set(columns, insert);
      insert.run(...Object.values(row).map(fromCell));
    }
  }
}

function prepareInsert(database: DatabaseSync, table: string, columns: string, count: number): StatementSync {
  return database.prepare(`INSERT INTO "${table}" (${columns}) VALUES (${Array(count).fill('?').join(', ')})`);
}

/** Removes every row from every table. Call it inside a transaction. */
export function clearAll(database: DatabaseSync): void {
  for (const table of tableNames(database).reverse()) database.exec(`DELETE FROM "${table}"`);
}

/** Returns the tables in creation order, so that each table follows the tables that it references. */
function tableNames(database: DatabaseSync): string[] {
  const rows = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all();
  return rows.map(({ name }) => String(name));
}

function fromCell(cell: Cell): string | number | null | Buffer {
  return typeof cell === 'object' && cell !== null ? Buffer.from(cell.base64, 'base64') : cell;
}

function toCells(row: Record<string, unknown>): Record<string, Cell> {
  const cells = Object.entries(row).map(([column, value]) => [
    column,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : (value as Cell),
  ]);
  return Object.fromEntries(cells);
}
