import { hash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator } from '../../../emulator/index.ts';
import { StoreError } from '../../../emulator/store/database.ts';
import { masterKeyVariable } from '../../../emulator/store/master-key.ts';
import { openStore } from '../../../emulator/store/store.ts';
import { clientFor } from '../../support/emulator.ts';
import { startEmulatorCommand } from '../../support/emulator-process.ts';
import { makeDirectory, removeDirectory } from '../../support/project-copy.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

let directory = '';
const file = (name: string) => join(directory, name);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

beforeEach(() => {
  // Not made yet: the emulator is to make it.
  directory = join(makeDirectory(), 'data');
});

afterEach(() => {
  delete process.env[masterKeyVariable];
  removeDirectory(join(directory, '..'));
});

/** A store with one key, closed. */
async function makeStore(): Promise<void> {
  const emulator = await startEmulator({ directory });
  const client = clientFor(emulator.endpoint);
  await client.send(new CreateKeyCommand({}));
  client.destroy();
  await emulator.close();
}

/** Every file of the directory: its name, mode and digest. */
function contents(): Record<string, string> {
  const names = readdirSync(directory).toSorted();
  return Object.fromEntries(
    names.map((name) => [`${name} ${modeOf(file(name))}`, hash('sha256', readFileSync(file(name)))]),
  );
}

/** Opening is refused with a StoreError that matches, and leaves every file as it was. */
function expectRefused(message: RegExp): void {
  const before = contents();
  let thrown: unknown;
  try {
    openStore(directory).close();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StoreError);
  expect((thrown as Error).message).toMatch(message);
  expect(contents()).toEqual(before);
}

describe('modes', () => {
  test('the directory is 0700, every file in it 0600, while the emulator runs', async () => {
    const emulator = await startEmulator({ directory });
    const client = clientFor(emulator.endpoint);
    await client.send(new CreateKeyCommand({}));
    client.destroy();
    expect(modeOf(directory)).toBe('700');
    const names = readdirSync(directory).toSorted();
    expect(names).toEqual(['endpoint.json', 'kms.sqlite', 'kms.sqlite-shm', 'kms.sqlite-wal', 'master.key']);
    for (const name of names) expect(`${name} ${modeOf(file(name))}`).toBe(`${name} 600`);
    await emulator.close();
    expect(readdirSync(directory).toSorted()).toEqual(['kms.sqlite', 'master.key']);
  });

  test('a store that others could read is closed to them', async () => {
    await makeStore();
    chmodSync(file('kms.sqlite'), 0o644);
    openStore(directory).close();
    expect(modeOf(file('kms.sqlite'))).toBe('600');
  });
});

describe('master key', () => {
  test('seals material: no byte of it stands in the files', async () => {
    const Material = Buffer.alloc(32, 'plain material! ');
    const emulator = await startEmulator({
      directory,
      seed: { Version: 1, Keys: [{ KeyId: '5eed0000-0000-4000-8000-000000000001', Material }] },
    });
    for (const name of readdirSync(directory)) expect(readFileSync(file(name)).includes(Material)).toBe(false);
    await emulator.close();
    for (const name of readdirSync(directory)) expect(readFileSync(file(name)).includes(Material)).toBe(false);
  });

  test('is taken from the environment, and then stands in no file', async () => {
    process.env[masterKeyVariable] = Buffer.alloc(32, 7).toString('base64');
    await makeStore();
    expect(readdirSync(directory)).toEqual(['kms.sqlite']);
    openStore(directory).close();
    process.env[masterKeyVariable] = Buffer.alloc(32, 8).toString('base64');
    expectRefused(/master key is not the one/);
    delete process.env[masterKeyVariable];
    expectRefused(/master\.key is missing and KMS_EMULATOR_MASTER_KEY is not set/);
  });

  test.for(['short', '', 'not base64 at all, though long enough, it seems'])('%j is not one', async (text) => {
    await makeStore();
    writeFileSync(file('master.key'), text);
    expectRefused(/master\.key must hold 32 bytes in base64/);
  });

  test('of another store does not open this one', async () => {
    await makeStore();
    writeFileSync(file('master.key'), Buffer.alloc(32, 9).toString('base64'));
    expectRefused(/master key is not the one/);
  });

  test('that is missing is not made anew over sealed material', async () => {
    await makeStore();
    rmSync(file('master.key'));
    expectRefused(/master\.key is missing/);
  });

  test('that was never made, by a first start cut off, is made at the next', async () => {
    openStore(directory).close();
    rmSync(file('master.key'));
    await makeStore();
    expect(modeOf(file('master.key'))).toBe('600');
  });
});

describe('a file that is not ours, or not sound, is refused and left alone', () => {
  test('text', () => {
    mkdirSync(directory);
    writeFileSync(file('kms.sqlite'), 'This is a letter to a friend, and no database.', { mode: 0o644 });
    expectRefused(/kms\.sqlite is not a store of the emulator/);
  });

  test.for(['DELETE', 'WAL'])('the database of another program, with journal mode %s', (journal) => {
    mkdirSync(directory);
    const database = new DatabaseSync(file('kms.sqlite'));
    database.exec(
      `PRAGMA journal_mode = ${journal}; CREATE TABLE letters (text TEXT); INSERT INTO letters VALUES ('x')`,
    );
    database.close();
    expectRefused(/kms\.sqlite is a database of another program/);
  });

  test('the store of a newer version', async () => {
    await makeStore();
    const database = new DatabaseSync(file('kms.sqlite'));
    database.exec('PRAGMA user_version = 1000');
    database.close();
    expectRefused(/was written by a newer version \(store 1000; this one knows \d+\)/);
  });

  test('a store cut short', async () => {
    await makeStore();
    truncateSync(file('kms.sqlite'), 5_000);
    expectRefused(/cannot use .*kms\.sqlite: database disk image is malformed/);
  });

  test('a store with a page overwritten', async () => {
    await makeStore();
    const bytes = readFileSync(file('kms.sqlite'));
    bytes.fill(0xa5, 100, 4_096);
    writeFileSync(file('kms.sqlite'), bytes);
    expectRefused(/cannot use .*kms\.sqlite/);
  });

  test('a folder in place of the database', () => {
    mkdirSync(file('kms.sqlite'), { recursive: true });
    expect(() => openStore(directory)).toThrow(StoreError);
  });

  test('a file in place of the directory, told by the command in one line', async () => {
    writeFileSync(directory, '');
    const { code, stderr } = await startEmulatorCommand(['--port', '0', '--data', directory]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kms-emulator: cannot use \S+: EEXIST: [^\n]+\n$/);
    expect(statSync(directory).size).toBe(0);
  });

  test('a directory that may not be written, named', () => {
    chmodSync(join(directory, '..'), 0o755);
    mkdirSync(directory, { mode: 0o555 });
    let thrown: unknown;
    // Root may write anywhere: for the moment it is nobody.
    if (isRoot) process.seteuid?.(nobody);
    try {
      openStore(directory);
    } catch (error) {
      thrown = error;
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect(thrown).toBeInstanceOf(StoreError);
    expect((thrown as Error).message).toMatch(/^cannot use \S+: EACCES: permission denied/);
    expect((thrown as Error).message).toContain(directory);
    expect(readdirSync(directory)).toEqual([]);
  });
});

test('a store copied with its master key opens elsewhere', async () => {
  await makeStore();
  const copy = join(directory, '..', 'copy');
  cpSync(directory, copy, { recursive: true });
  openStore(copy).close();
  rmSync(join(copy, 'master.key'));
  copyFileSync(file('master.key'), join(copy, 'master.key'));
  openStore(copy).close();
});
