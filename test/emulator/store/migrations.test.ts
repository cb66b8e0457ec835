import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { databaseFileName, readPragma } from '../../../emulator/store/database.ts';
import { migrations } from '../../../emulator/store/migrations.ts';
import { openStore } from '../../../emulator/store/store.ts';

const applicationId = 0x4b4d5366;
const directory = mkdtempSync(join(tmpdir(), 'kms-migrations-'));
const file = join(directory, databaseFileName);

afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a version 1 store', () => {
  it('a version 1 store is migrated and keeps its keys', () => {
    // Creates the master key. The test then replaces the database with an old database.
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
    expect(store.grants.countByKey(key?.seq ?? -1)).toBe(0);
    expect(store.keyStores.listByRegion('000000000000', 'us-east-1')).toEqual([]);
    store.close();
    const database = new DatabaseSync(file);
    expect(readPragma(database, 'user_version')).toBe(migrations.length);
    database.close();
  });
});
