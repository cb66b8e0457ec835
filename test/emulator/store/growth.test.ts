import type { StatementSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../emulator/store/database.ts';
import { masterKeyOf } from '../../../emulator/store/master-key.ts';
import { Store } from '../../../emulator/store/store.ts';

/** Every statement that a store has prepared once it is open, but for those that ask for any one row, whichever it is. */
function statements(): string[] {
  const database = openDatabase(undefined);
  const texts: string[] = [];
  const prepare = database.prepare.bind(database);
  database.prepare = (text: string): StatementSync => {
    texts.push(text);
    return prepare(text);
  };
  new Store(database, masterKeyOf(undefined, false));
  database.close();
  return [...new Set(texts)].filter((text) => !/^PRAGMA|LIMIT 1$/.test(text));
}

describe('a store with many keys is as fast as one with few: no statement of a request reads a whole table', () => {
  const database = openDatabase(undefined);

  test('there are statements of every table', () => {
    const all = statements().join('\n');
    for (const table of ['keys', 'materials', 'aliases', 'policies', 'tags', 'grants', 'key_stores', 'last_usages']) {
      expect(all).toContain(` ${table}`);
    }
  });

  test.for(statements())('%s', (text) => {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[];
    for (const { detail } of plan) {
      expect(detail).not.toMatch(/^SCAN (?!CONSTANT ROW)/);
      if (detail.startsWith('SEARCH')) expect(detail).toMatch(/ USING /);
    }
  });
});
