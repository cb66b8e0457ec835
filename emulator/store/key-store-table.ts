import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeyStore, KeyStoreRecord } from '../core/key-store-record.ts';

interface Row {
  seq: number;
  account: string;
  region: string;
  key_store_id: string;
  record: string;
}

const columns = 'seq, account, region, key_store_id, record';

/** Stores custom key stores in creation order. AWS allows only a few per Region, so the lists are not paginated. */
export class KeyStoreTable {
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #find: StatementSync;
  readonly #listByRegion: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      `INSERT INTO key_stores (account, region, key_store_id, record) VALUES (?, ?, ?, ?) RETURNING ${columns}`,
    );
    this.#update = database.prepare('UPDATE key_stores SET record = ? WHERE seq = ?');
    this.#remove = database.prepare('DELETE FROM key_stores WHERE seq = ?');
    const ofRegion = `SELECT ${columns} FROM key_stores WHERE account = ? AND region = ?`;
    this.#find = database.prepare(`${ofRegion} AND key_store_id = ?`);
    this.#listByRegion = database.prepare(`${ofRegion} ORDER BY seq`);
  }

  insert(account: string, region: string, keyStoreId: string, record: KeyStoreRecord): KeyStore {
    return toKeyStore(this.#insert.get(account, region, keyStoreId, JSON.stringify(record)) as unknown as Row);
  }

  /** Saves `keyStore.record`. */
  save(keyStore: KeyStore): void {
    this.#update.run(JSON.stringify(keyStore.record), keyStore.seq);
  }

  remove(keyStore: KeyStore): void {
    this.#remove.run(keyStore.seq);
  }

  find(account: string, region: string, keyStoreId: string): KeyStore | undefined {
    const row = this.#find.get(account, region, keyStoreId);
    return row === undefined ? undefined : toKeyStore(row as unknown as Row);
  }

  listByRegion(account: string, region: string): KeyStore[] {
    return this.#listByRegion.all(account, region).map((row) => toKeyStore(row as unknown as Row));
  }
}

function toKeyStore({ seq, account, region, key_store_id, record }: Row): KeyStore {
  return { seq, account, region, keyStoreId: key_store_id, record: JSON.parse(record) as KeyStoreRecord };
}
