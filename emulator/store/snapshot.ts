import type { DatabaseSync } from 'node:sqlite';
import { pragma, StoreError } from './database.ts';

/**
 * All that a store holds, as JSON: rows by table, bytes in base64. Key material stays sealed, so a snapshot is restored
 * into a store with the same master key: the same one, or one that the environment gave the same key.
 */
export interface Snapshot {
  readonly store: number;
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>;
}

type Cell = string | number | null | { readonly base64: string };

export function takeSnapshot(database: DatabaseSync): Snapshot {
  const tables = tableNames(database).map((table) => [
    table,
    database.prepare(`SELECT * FROM "${table}"`).all().map(cellsOf),
  ]);
  return { store: pragma(database, 'user_version'), tables: Object.fromEntries(tables) };
}

/** Puts a snapshot in the place of all that the store holds. Inside a transaction. */
export function putSnapshot(database: DatabaseSync, snapshot: Snapshot): void {
  if (snapshot.store !== pragma(database, 'user_version')) {
    throw new StoreError('the snapshot is of another version of the store');
  }
  clearAll(database);
  for (const table of tableNames(database)) {
    for (const row of snapshot.tables[table] ?? []) {
      const columns = Object.keys(row).map((column) => `"${column.replaceAll('"', '""')}"`);
      const marks = columns.map(() => '?').join(', ');
      const values = Object.values(row).map((cell) =>
        typeof cell === 'object' && cell !== null ? Buffer.from(cell.base64, 'base64') : cell,
      );
      database.prepare(`INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${marks})`).run(...values);
    }
  }
}

/** Removes every row. Inside a transaction. */
export function clearAll(database: DatabaseSync): void {
  for (const table of tableNames(database).reverse()) database.exec(`DELETE FROM "${table}"`);
}

/** In the order in which they were made: a table comes after those that it refers to. */
function tableNames(database: DatabaseSync): string[] {
  const rows = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
    .all();
  return rows.map(({ name }) => String(name));
}

function cellsOf(row: Record<string, unknown>): Record<string, Cell> {
  const cells = Object.entries(row).map(([column, value]) => [
    column,
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : (value as Cell),
  ]);
  return Object.fromEntries(cells);
}
