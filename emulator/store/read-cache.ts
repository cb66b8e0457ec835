import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Each is another after a write by this process, or by others. */
export interface Versions {
  readonly own: number;
  readonly others: number;
}

/**
 * What was read since the store last changed, so that a request for the same key reads it from memory. Whether another
 * process wrote (https://www.sqlite.org/pragma.html#pragma_data_version) is asked once in each turn of the event loop, for
 * all requests that arrived by then: no answer about a later write can have led to one of them. This process's own
 * transactions read past the cache and empty it at their end.
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

  /** Bounds memory; the cache starts anew when it is full. */
  static readonly #mostEntries = 5_000;

  constructor(database: DatabaseSync) {
    this.#version = database.prepare('PRAGMA data_version');
  }

  /** Forgets everything if another process has written. */
  refresh(): void {
    if (this.#isFresh) return;
    this.#isFresh = true;
    setImmediate(this.#endTurn);
    const version = this.#othersVersion();
    if (version === this.#seen) return;
    this.#seen = version;
    this.#found.clear();
  }

  /** Of the store. */
  get versions(): Versions {
    return { own: this.#ownWrites, others: this.#othersVersion() };
  }

  #othersVersion(): number {
    return (this.#version.get() as { data_version: number }).data_version;
  }

  /** Whether a transaction of this process is open. */
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

  /** The value under a name, read if need be. It is shared: nobody changes it. */
  get<T>(name: string, read: () => T): T {
    if (this.#isWriting) return read();
    let value = this.#found.get(name) as T | undefined;
    if (value === undefined) {
      value = read();
      if (this.#found.size >= ReadCache.#mostEntries) this.#found.clear();
      if (value !== undefined) this.#found.set(name, value);
    }
    return value;
  }
}
