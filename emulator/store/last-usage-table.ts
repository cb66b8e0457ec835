import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The last successful cryptographic operation with a key. */
export interface LastUsage {
  readonly operation: string;
  readonly usedMs: number;
  readonly requestId: string;
  /** What CloudTrail would call the event. */
  readonly eventId: string;
}

interface Unwritten extends LastUsage {
  /** The place of a deleted key may be another key's by the time of writing. */
  readonly keyId: string;
}

const writeDelayMs = 1_000;

/**
 * When each key was last used. Kept in memory and written once a second, so that no cryptographic operation waits for
 * the disk: a crash loses what was not written yet. AWS promises no immediacy either
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html: eventual consistency).
 */
export class LastUsageTable {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #unwritten = new Map<number, Unwritten>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    // Of two processes on one store the later use counts; a key that is gone by now gets no row.
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

  note(key: { readonly seq: number; readonly keyId: string }, usage: LastUsage): void {
    this.#unwritten.set(key.seq, { keyId: key.keyId, ...usage });
    // A process that has nothing else to do need not wait: closing the store writes.
    this.#timer ??= setTimeout(() => this.#writeLater(), writeDelayMs).unref();
  }

  find(key: { readonly seq: number; readonly keyId: string }): LastUsage | undefined {
    const unwritten = this.#unwritten.get(key.seq);
    if (unwritten?.keyId === key.keyId) return unwritten;
    return this.#find.get(key.seq) as LastUsage | undefined;
  }

  /** Writes what is not written yet, as one transaction. */
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

  /** Drops what is not written yet: its keys are gone, or another state of them is there. */
  forget(): void {
    this.#unwritten.clear();
  }

  /** A full disk must not end the process: what could not be written is tried again with the next use. */
  #writeLater(): void {
    try {
      this.flush();
    } catch {
      this.#timer = undefined;
    }
  }
}
