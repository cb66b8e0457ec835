import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ReadCache } from './read-cache.ts';

/** Stores each key's policy as the text that the caller sent. */
export class PolicyTable {
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #cache: ReadCache;

  constructor(database: DatabaseSync, cache: ReadCache) {
    this.#cache = cache;
    this.#put = database.prepare(
      'INSERT INTO policies (key_seq, policy) VALUES (?, ?) ON CONFLICT (key_seq) DO UPDATE SET policy = excluded.policy',
    );
    this.#find = database.prepare('SELECT policy FROM policies WHERE key_seq = ?');
  }

  put(keySeq: number, policy: string): void {
    this.#put.run(keySeq, policy);
  }

  find(keySeq: number): string {
    return this.#cache.get(`policy ${keySeq}`, () => (this.#find.get(keySeq) as { policy: string }).policy);
  }
}
