import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { formatKmsArn } from '../core/arn.ts';
import { type Key, type KeyRecord, nextDueMs } from '../core/key-record.ts';
import type { ReadCache } from './read-cache.ts';

interface Row {
  seq: number;
  account: string;
  region: string;
  key_id: string;
  record: string;
}

const columns = 'seq, account, region, key_id, record';

/** A condition for the tags of a key. Without values, any value matches. */
export interface TagFilter {
  readonly key: string;
  readonly values: readonly string[];
}

/** Stores keys in creation order. */
export class KeyTable {
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #find: StatementSync;
  readonly #findBySeq: StatementSync;
  readonly #listPage: StatementSync;
  readonly #listDue: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #listRelated: StatementSync;
  readonly #findMultiRegion: StatementSync;
  readonly #listInKeyStore: StatementSync;

  readonly #database: DatabaseSync;
  readonly #cache: ReadCache;
  #listTagged: StatementSync | undefined;

  constructor(database: DatabaseSync, cache: ReadCache) {
    this.#database = database;
    this.#cache = cache;
    this.#insert = database.prepare(
      'INSERT INTO keys (account, region, key_id, record, due_ms) VALUES (?, ?, ?, ?, ?) RETURNING seq',
    );
    this.#update = database.prepare('UPDATE keys SET record = ?, due_ms = ? WHERE seq = ?');
    this.#remove = database.prepare('DELETE FROM keys WHERE seq = ?');
    this.#find = database.prepare(`SELECT ${columns} FROM keys WHERE account = ? AND region = ? AND key_id = ?`);
    this.#findBySeq = database.prepare(`SELECT ${columns} FROM keys WHERE seq = ?`);
    this.#listPage = database.prepare(
      `SELECT ${columns} FROM keys WHERE account = ? AND region = ? AND seq > ? ORDER BY seq LIMIT ?`,
    );
    // The condition lets SQLite use the partial index `keys_by_due` instead of scanning the table.
    this.#nextDue = database.prepare('SELECT min(due_ms) AS due FROM keys WHERE due_ms IS NOT NULL');
    this.#listRelated = database.prepare(
      `SELECT ${columns} FROM keys WHERE account = ? AND key_id = ? AND record ->> 'multiRegion' ORDER BY region`,
    );
    this.#findMultiRegion = database.prepare(
      "SELECT 1 FROM keys WHERE account = ? AND record ->> 'multiRegion' LIMIT 1",
    );
    this.#listInKeyStore = database.prepare(
      `SELECT ${columns} FROM keys WHERE account = ? AND region = ?
         AND record ->> 'customKeyStoreId' IS NOT NULL AND record ->> 'customKeyStoreId' = ? ORDER BY seq`,
    );
    this.#listDue = database.prepare(`SELECT ${columns} FROM keys WHERE due_ms <= ? ORDER BY due_ms`);
  }

  insert(account: string, region: string, keyId: string, record: KeyRecord): Key {
    const { seq } = this.#insert.get(account, region, keyId, JSON.stringify(record), nextDueMs(record)) as {
      seq: number;
    };
    return { seq, account, region, keyId, arn: formatKmsArn(region, account, `key/${keyId}`), record };
  }

  /** Saves `key.record`. */
  save(key: Key): void {
    this.#update.run(JSON.stringify(key.record), nextDueMs(key.record), key.seq);
  }

  /** Removes a key with its material, policy, tags and grants. */
  remove(key: Key): void {
    this.#remove.run(key.seq);
  }

  find(account: string, region: string, keyId: string): Key | undefined {
    return this.#cache.get(`key ${account} ${region} ${keyId}`, () => {
      const row = this.#find.get(account, region, keyId);
      return row === undefined ? undefined : toKey(row as unknown as Row);
    });
  }

  findBySeq(seq: number): Key | undefined {
    return this.#cache.get(`key ${seq}`, () => {
      const row = this.#findBySeq.get(seq);
      return row === undefined ? undefined : toKey(row as unknown as Row);
    });
  }

  /** Returns up to `count` keys that were created after the key with `afterSeq`. */
  listPage(account: string, region: string, afterSeq: number, count: number): Key[] {
    return this.#listPage.all(account, region, afterSeq, count).map((row) => toKey(row as unknown as Row));
  }

  /**
   * Returns up to `count` tagged keys that match all filters and were created after the key with `afterSeq`. Few programs
   * search by tag, so the first search prepares the statement.
   */
  listTagged(
    account: string,
    region: string,
    { filters, afterSeq, count }: { filters: readonly TagFilter[]; afterSeq: number; count: number },
  ): Key[] {
    this.#listTagged ??= this.#database.prepare(
      `SELECT ${columns} FROM keys WHERE account = ? AND region = ? AND seq > ?
         AND EXISTS (SELECT 1 FROM tags WHERE key_seq = seq)
         AND NOT EXISTS (
           SELECT 1 FROM json_each(?) AS filter WHERE NOT EXISTS (
             SELECT 1 FROM tags WHERE key_seq = seq AND tag_key = filter.value ->> 'key' AND (
               json_array_length(filter.value, '$.values') = 0
               OR tag_value IN (SELECT value FROM json_each(filter.value, '$.values')))))
       ORDER BY seq LIMIT ?`,
    );
    const rows = this.#listTagged.all(account, region, afterSeq, JSON.stringify(filters), count);
    return rows.map((row) => toKey(row as unknown as Row));
  }

  /** Returns the time of the next scheduled change to any key in milliseconds since 1970, or Infinity. */
  nextDueMs(): number {
    return this.#cache.get(
      'due',
      () => (this.#nextDue.get() as { due: number | null }).due ?? Number.POSITIVE_INFINITY,
    );
  }

  /** Returns a multi-Region key's primary and replicas, sorted by Region. */
  listRelated(account: string, keyId: string): Key[] {
    return this.#listRelated.all(account, keyId).map((row) => toKey(row as unknown as Row));
  }

  /** Returns whether the account has a multi-Region key in any Region. */
  hasMultiRegionKey(account: string): boolean {
    return this.#findMultiRegion.get(account) !== undefined;
  }

  /** Returns the keys in a custom key store. */
  listInKeyStore(account: string, region: string, keyStoreId: string): Key[] {
    return this.#listInKeyStore.all(account, region, keyStoreId).map((row) => toKey(row as unknown as Row));
  }

  /** Returns the keys with a scheduled deletion, rotation or expiry that is due at `nowMs`. */
  listDue(nowMs: number): Key[] {
    return this.#listDue.all(nowMs).map((row) => toKey(row as unknown as Row));
  }
}

function toKey({ seq, account, region, key_id, record }: Row): Key {
  return {
    seq,
    account,
    region,
    keyId: key_id,
    arn: formatKmsArn(region, account, `key/${key_id}`),
    record: JSON.parse(record) as KeyRecord,
  };
}
