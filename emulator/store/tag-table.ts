import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

export class TagTable {
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #listPage: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(
      `INSERT INTO tags (key_seq, tag_key, tag_value) VALUES (?, ?, ?)
       ON CONFLICT (key_seq, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
    );
    this.#remove = database.prepare('DELETE FROM tags WHERE key_seq = ? AND tag_key = ?');
    this.#listPage = database.prepare(
      `SELECT tag_key AS TagKey, tag_value AS TagValue FROM tags WHERE key_seq = ? AND tag_key > ? ORDER BY tag_key LIMIT ?`,
    );
    this.#count = database.prepare('SELECT count(*) AS n FROM tags WHERE key_seq = ?');
  }

  put(keySeq: number, tag: Tag): void {
    this.#put.run(keySeq, tag.TagKey, tag.TagValue);
  }

  remove(keySeq: number, tagKey: string): void {
    this.#remove.run(keySeq, tagKey);
  }

  countByKey(keySeq: number): number {
    return (this.#count.get(keySeq) as { n: number }).n;
  }

  /** Returns up to `count` tags after `afterKey`, sorted by key. */
  listPage(keySeq: number, afterKey: string, count: number): Tag[] {
    return this.#listPage.all(keySeq, afterKey, count).map((row) => ({ ...row })) as unknown as Tag[];
  }
}
