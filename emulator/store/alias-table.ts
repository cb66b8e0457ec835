import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ReadCache } from './read-cache.ts';

export interface Alias {
  /** The name, including the `alias/` prefix. */
  readonly name: string;
  readonly keyId: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

interface Row {
  name: string;
  key_id: string;
  created_ms: number;
  updated_ms: number;
}

const columns = 'name, key_id, created_ms, updated_ms';

export class AliasTable {
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #find: StatementSync;
  readonly #listPage: StatementSync;
  readonly #listPageByKey: StatementSync;
  readonly #removeByKey: StatementSync;

  readonly #cache: ReadCache;

  constructor(database: DatabaseSync, cache: ReadCache) {
    this.#cache = cache;
    this.#put = database.prepare(
      `INSERT INTO aliases (account, region, name, key_id, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, region, name) DO UPDATE SET key_id = excluded.key_id, updated_ms = excluded.updated_ms`,
    );
    const ofRegion = 'FROM aliases WHERE account = ? AND region = ?';
    this.#remove = database.prepare(`DELETE ${ofRegion} AND name = ?`);
    this.#removeByKey = database.prepare(`DELETE ${ofRegion} AND key_id = ?`);
    this.#find = database.prepare(`SELECT ${columns} ${ofRegion} AND name = ?`);
    this.#listPage = database.prepare(`SELECT ${columns} ${ofRegion} AND name > ? ORDER BY name LIMIT ?`);
    this.#listPageByKey = database.prepare(
      `SELECT ${columns} ${ofRegion} AND key_id = ? AND name > ? ORDER BY name LIMIT ?`,
    );
  }

  /** Creates an alias, or changes the key that an existing alias refers to. */
  put(account: string, region: string, name: string, keyId: string, nowMs: number): void {
    this.#put.run(account, region, name, keyId, nowMs, nowMs);
  }

  /** Removes an alias. Returns whether the alias existed. */
  remove(account: string, region: string, name: string): boolean {
    return this.#remove.run(account, region, name).changes > 0;
  }

  removeByKey(account: string, region: string, keyId: string): void {
    this.#removeByKey.run(account, region, keyId);
  }

  find(account: string, region: string, name: string): Alias | undefined {
    return this.#cache.get(`alias ${account} ${region} ${name}`, () => {
      const row = this.#find.get(account, region, name);
      return row === undefined ? undefined : toAlias(row as unknown as Row);
    });
  }

  /**
   * Returns up to `count` aliases after `afterName`, sorted by name. If `keyId` is set, returns only that key's
   * aliases.
   */
  listPage(account: string, region: string, afterName: string, count: number, keyId?: string): Alias[] {
    const rows =
      keyId === undefined
        ? this.#listPage.all(account, region, afterName, count)
        : this.#listPageByKey.all(account, region, keyId, afterName, count);
    return rows.map((row) => toAlias(row as unknown as Row));
  }
}

function toAlias({ name, key_id, created_ms, updated_ms }: Row): Alias {
  return { name, keyId: key_id, createdMs: created_ms, updatedMs: updated_ms };
}
