import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { databaseFileName, pragma } from '../../../emulator/store/database.ts';
import { migrations } from '../../../emulator/store/migrations.ts';
import { openStore } from '../../../emulator/store/store.ts';

const applicationId = 0x4b4d5366;
const directory = mkdtempSync(join(tmpdir(), 'kms-migrations-'));
const file = join(directory, databaseFileName);

afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a store of version 1', () => {
  it('is brought up to date with its keys', () => {
    // Its master key is made with the store.
    openStore(directory).close();
    rmSync(file);
    const old = new DatabaseSync(file);
    old.exec(`${migrations[0]} PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1;`);
    old.exec(
      `INSERT INTO keys (account, region, key_id, record) VALUES ('000000000000', 'us-east-1', 'old', '{"multiRegion":false}')`,
    );
    old.close();
    const store = openStore(directory);
    const key = store.keys.find('000000000000', 'us-east-1', 'old');
    expect(store.grants.countOfKey(key?.seq ?? -1)).toBe(0);
    expect(store.keyStores.ofRegion('000000000000', 'us-east-1')).toEqual([]);
    store.close();
    const database = new DatabaseSync(file);
    expect(pragma(database, 'user_version')).toBe(migrations.length);
    database.close();
  });
});

describe('the queries that a store answers among many keys', () => {
  const multiRegion = "SELECT * FROM keys WHERE account = ? AND key_id = ? AND record ->> 'multiRegion'";
  const ofKeyStore =
    "SELECT * FROM keys WHERE account = ? AND region = ? AND record ->> 'customKeyStoreId' IS NOT NULL AND record ->> 'customKeyStoreId' = ?";
  const named = "SELECT * FROM grants WHERE key_seq = ? AND record ->> 'Name' IS NOT NULL AND record ->> 'Name' = ?";
  const retirable = "SELECT * FROM grants WHERE record ->> 'RetiringPrincipal' = ? AND seq > ? ORDER BY seq";
  it.each([
    ['keys_by_relation', multiRegion],
    ['keys_by_key_store', ofKeyStore],
    ['grants_by_name', named],
    ['grants_by_retiring', retirable],
  ])('use %s', (index, query) => {
    const database = new DatabaseSync(':memory:');
    for (const migration of migrations) database.exec(migration);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all();
    expect(JSON.stringify(plan)).toContain(`USING INDEX ${index} `);
    database.close();
  });
});
