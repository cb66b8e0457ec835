import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The versions of the store, which change whenever the store changes. */
export interface Versions {
  /** Counts the transactions of this process. */
  readonly own: number;
  /** Changes after a write by another process. */
  readonly others: number;
}

/**
 * Caches rows that were read since the store last changed, so that repeated requests for a key read it from memory.
 * Transactions in this process bypass the cache and clear it when they end.
 *
 * Once per turn of the event loop, checks whether another process has written to the store
 * (https://www.sqlite.org/pragma.html#pragma_data_version). One check is sufficient, because all requests in a turn
 * arrived before it. None of them can follow a response to a later write.
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

  /** Limits the memory use. A full cache is cleared. */
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

  /** True while this process has an open transaction. */
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
