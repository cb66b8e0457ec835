import type { StatementSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../emulator/store/database.ts';
import { loadMasterKey } from '../../../emulator/store/master-key.ts';
import { Store } from '../../../emulator/store/store.ts';

/** Returns every statement that an open store has prepared, except those that read any single row. */
function listStatements(): string[] {
  const database = openDatabase(undefined);
  const texts: string[] = [];
  const prepare = database.prepare.bind(database);
  database.prepare = (text: string): StatementSync => {
    texts.push(text);
    return prepare(text);
  };
  new Store(database, loadMasterKey(undefined, false));
  database.close();
  return [...new Set(texts)].filter((text) => !/^PRAGMA|LIMIT 1$/.test(text));
}

describe("a store's statements", () => {
  const database = openDatabase(undefined);

  test("the store's statements cover every table", () => {
    const all = listStatements().join('\n');
    for (const table of ['keys', 'materials', 'aliases', 'policies', 'tags', 'grants', 'key_stores', 'last_usages']) {
      expect(all).toContain(` ${table}`);
    }
  });

  test.for(listStatements())("the store's statement does not scan a whole table: %s", (text) => {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[];
    for (const { detail } of plan) {
      expect(detail).not.toMatch(/^SCAN (?!CONSTANT ROW)/);
      if (detail.startsWith('SEARCH')) expect(detail).toMatch(/ USING /);
    }
  });
});
