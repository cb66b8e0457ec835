import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The last successful cryptographic operation with a key. */
export interface LastUsage {
  readonly operation: string;
  readonly usedMs: number;
  readonly requestId: string;
  /** A CloudTrail event id that the emulator generates. */
  readonly eventId: string;
}

interface Unwritten extends LastUsage {
  /** The key id, which is compared before writing. SQLite may reuse the `seq` of a deleted key for a new key. */
  readonly keyId: string;
}

const writeDelayMs = 1_000;

/**
 * Stores when each key was last used. Usages are collected in memory and written once per second, so that cryptographic
 * operations do not wait for the disk. A crash loses usages that are not yet written. AWS, too, documents only eventual
 * consistency (https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html).
 */
export class LastUsageTable {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #unwritten = new Map<number, Unwritten>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    // If two processes share the store, the later usage wins. A key that was deleted in the meantime does not get a row.
    this.#put = database.prepare(
      `INSERT INTO last_usages (key_seq, operation, used_ms, request_id, event_id)
       SELECT seq, ?, ?, ?, ? FROM keys WHERE seq = ? AND key_id = ?
       ON CONFLICT (key_seq) DO UPDATE SET
         operation = excluded.operation, used_ms = excluded.used_ms,
         request_id = excluded.request_id, event_id = excluded.event_id
       WHERE excluded.used_ms >= used_ms`,
    );
    this.#find = database.prepare(
      `SELECT operation, used_ms AS usedMs, request_id AS requestId, event_id AS eventId
       FROM last_usages WHERE key_seq = ?`,
    );
  }

  record(key: { readonly seq: number; readonly keyId: string }, usage: LastUsage): void {
    this.#unwritten.set(key.seq, { keyId: key.keyId, ...usage });
    // The timer must not keep the process alive. Closing the store writes the remaining usages.
    this.#timer ??= setTimeout(() => this.#writeLater(), writeDelayMs).unref();
  }

  find(key: { readonly seq: number; readonly keyId: string }): LastUsage | undefined {
    const unwritten = this.#unwritten.get(key.seq);
    if (unwritten?.keyId === key.keyId) return unwritten;
    return this.#find.get(key.seq) as LastUsage | undefined;
  }

  /** Writes all pending usages in one transaction. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unwritten.size === 0) return;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const [seq, { operation, usedMs, requestId, eventId, keyId }] of this.#unwritten) {
        this.#put.run(operation, usedMs, requestId, eventId, seq, keyId);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#unwritten.clear();
  }

  /** Discards all pending usages. Call it after removing or replacing their keys. */
  forget(): void {
    this.#unwritten.clear();
  }

  /** Ignores write errors, so a full disk does not stop the process. The next usage triggers another attempt. */
  #writeLater(): void {
    try {
      this.flush();
    } catch {
      this.#timer = undefined;
    }
  }
}
