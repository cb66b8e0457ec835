import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Changes whenever the store changes. */
export interface Versions {
  /** Counts the transactions of this process. */
  readonly own: number;
  /** Changes after a write by another process. */
  readonly others: number;
}

/**
 * Caches rows read since the store last changed, so repeated requests for a key read it from memory. Transactions of
 * this process bypass the cache and clear it when they end.
 *
 * Checks once per turn of the event loop whether another process wrote
 * (https://www.sqlite.org/pragma.html#pragma_data_version). This is sufficient: the requests in a turn arrived before
 * the check, so none of them can follow a response to a later write.
 */
export class ReadCache {
  readonly #version: StatementSync;
  readonly #found = new Map<string, unknown>();
  #seen: unknown;
  #isWriting = false;
  #ownWrites = 0;
  #isFresh = false;
  readonly #endTurn = () => {
    this.#isFresh = false;
  };

  /** Bounds memory: a full cache is cleared. */
  static readonly #maxEntries = 5_000;

  constructor(database: DatabaseSync) {
    this.#version = database.prepare('PRAGMA data_version');
  }

  /** Clears the cache if another process has written. */
  refresh(): void {
    if (this.#isFresh) return;
    this.#isFresh = true;
    setImmediate(this.#endTurn);
    const version = this.#othersVersion();
    if (version === this.#seen) return;
    this.#seen = version;
    this.#found.clear();
  }

  /** The current versions of the store. */
  get versions(): Versions {
    return { own: this.#ownWrites, others: this.#othersVersion() };
  }

  #othersVersion(): number {
    return (this.#version.get() as { data_version: number }).data_version;
  }

  /** True while a transaction of this process is open. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  beginWrite(): void {
    this.#isWriting = true;
    this.#ownWrites += 1;
  }

  endWrite(): void {
    this.#isWriting = false;
    this.#found.clear();
  }

  /** Returns the cached value, or calls `read` and caches its result. Callers share the value and must not change it. */
  get<T>(name: string, read: () => T): T {
    if (this.#isWriting) return read();
    let value = this.#found.get(name) as T | undefined;
    if (value === undefined) {
      value = read();
      if (this.#found.size >= ReadCache.#maxEntries) this.#found.clear();
      if (value !== undefined) this.#found.set(name, value);
    }
    return value;
  }
}
