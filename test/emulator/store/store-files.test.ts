import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
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
import { Worker } from 'node:worker_threads';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator } from '../../../emulator/index.ts';
import { masterKeyVariable } from '../../../emulator/store/master-key.ts';
import { openStore } from '../../../emulator/store/store.ts';
import { StoreError } from '../../../emulator/store/store-error.ts';
import { clientFor } from '../../support/emulator.ts';
import { startEmulatorCommand } from '../../support/emulator-process.ts';
import { makeDirectory, removeDirectory } from '../../support/project-copy.ts';

const isRoot = process.getuid?.() === 0;
const unprivilegedUserId = 65534;

let directory = '';
const file = (name: string) => join(directory, name);
const readMode = (path: string) => (statSync(path).mode & 0o777).toString(8);

beforeEach(() => {
  // Only the parent exists, because the emulator creates the directory.
  directory = join(makeDirectory(), 'data');
});

afterEach(() => {
  delete process.env[masterKeyVariable];
  removeDirectory(join(directory, '..'));
});

/** Creates a store with one key and closes it. */
async function createStore(): Promise<void> {
  const emulator = await startEmulator({ directory });
  const client = clientFor(emulator.endpoint);
  await client.send(new CreateKeyCommand({}));
  client.destroy();
  await emulator.close();
}

/** Returns the digest of every file in the directory, by name and mode. */
function readContents(): Record<string, string> {
  const names = readdirSync(directory).toSorted();
  return Object.fromEntries(
    names.map((name) => [`${name} ${readMode(file(name))}`, hash('sha256', readFileSync(file(name)))]),
  );
}

/** Expects that opening throws a matching `StoreError` and leaves every file unchanged. */
function expectRejected(message: RegExp): void {
  const before = readContents();
  let thrown: unknown;
  try {
    openStore(directory).close();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(StoreError);
  expect((thrown as Error).message).toMatch(message);
  expect(readContents()).toEqual(before);
}

describe('file modes', () => {
  test('the file modes are 0700 for the data directory and 0600 for every file in it', async () => {
    const emulator = await startEmulator({ directory });
    const client = clientFor(emulator.endpoint);
    await client.send(new CreateKeyCommand({}));
    client.destroy();
    expect(readMode(directory)).toBe('700');
    const names = readdirSync(directory).toSorted();
    expect(names).toEqual([
      '.gitignore',
      'endpoint.json',
      'kms.sqlite',
      'kms.sqlite-shm',
      'kms.sqlite-wal',
      'master.key',
    ]);
    for (const name of names) expect(`${name} ${readMode(file(name))}`).toBe(`${name} 600`);
    await emulator.close();
    expect(readdirSync(directory).toSorted()).toEqual(['.gitignore', 'kms.sqlite', 'master.key']);
  });

  test('the file modes are restricted again if other users can read the database', async () => {
    await createStore();
    chmodSync(file('kms.sqlite'), 0o644);
    openStore(directory).close();
    expect(readMode(file('kms.sqlite'))).toBe('600');
  });
});

describe('the .gitignore file', () => {
  test('the .gitignore file makes Git ignore the whole data directory', async () => {
    const repository = join(directory, '..');
    await createStore();
    execFileSync('git', ['init', '--quiet'], { cwd: repository });
    expect(execFileSync('git', ['status', '--porcelain'], { cwd: repository, encoding: 'utf8' })).toBe('');
  });

  test('the .gitignore file is not added to a directory that contains other files', async () => {
    mkdirSync(directory);
    writeFileSync(file('notes.txt'), '');
    await createStore();
    expect(readdirSync(directory)).not.toContain('.gitignore');
  });
});

describe('the master key', () => {
  test('the master key encrypts key material, so files do not contain its plaintext', async () => {
    const Material = Buffer.alloc(32, 'plain material! ');
    const emulator = await startEmulator({
      directory,
      seed: {
        Version: 1,
        Keys: [{ KeyId: '5eed0000-0000-4000-8000-000000000001', Material: Material.toString('base64') }],
      },
    });
    for (const name of readdirSync(directory)) expect(readFileSync(file(name)).includes(Material)).toBe(false);
    await emulator.close();
    for (const name of readdirSync(directory)) expect(readFileSync(file(name)).includes(Material)).toBe(false);
  });

  test('the master key is random, so each data directory has its own', () => {
    const keys = ['a', 'b'].map((name) => {
      openStore(file(name)).close();
      return readFileSync(join(file(name), 'master.key'), 'utf8').trim();
    });
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(Buffer.from(key, 'base64')).toHaveLength(32);
  });

  test('the master key is not written to a file if it is set in the environment', async () => {
    process.env[masterKeyVariable] = Buffer.alloc(32, 7).toString('base64');
    await createStore();
    expect(readdirSync(directory).toSorted()).toEqual(['.gitignore', 'kms.sqlite']);
    openStore(directory).close();
    process.env[masterKeyVariable] = Buffer.alloc(32, 8).toString('base64');
    expectRejected(/it was encrypted under another master key/);
    delete process.env[masterKeyVariable];
    expectRejected(/master\.key is missing and KMS_EMULATOR_MASTER_KEY is not set/);
  });

  test.for([
    'short',
    '',
    'not base64 at all, though long enough, it seems',
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
    Buffer.alloc(32, 0xff).toString('base64url'),
    Buffer.alloc(32).toString('hex'),
  ])('the master key is rejected if it is %j', async (text) => {
    await createStore();
    writeFileSync(file('master.key'), text);
    expectRejected(/master\.key must contain 32 bytes in base64/);
  });

  test('the master key is rejected if it belongs to another store', async () => {
    await createStore();
    writeFileSync(file('master.key'), Buffer.alloc(32, 9).toString('base64'));
    expectRejected(/it was encrypted under another master key/);
  });

  test.for([0o644, 0o640, 0o604, 0o620])(
    'the master key is restricted to its owner again, with a warning, if other users can access its file (mode %i)',
    async (mode) => {
      await createStore();
      chmodSync(file('master.key'), mode);
      const warning = once(process, 'warning');
      openStore(directory).close();
      expect(readMode(file('master.key'))).toBe('600');
      const [{ code, message }] = (await warning) as [Error & { code: string }];
      expect(code).toBe('KMS_EMULATOR_MASTER_KEY_MODE');
      expect(message).toContain(`${file('master.key')} (mode 0${mode.toString(8)})`);
    },
  );

  test('the master key is not replaced if it is missing and material is encrypted', async () => {
    await createStore();
    rmSync(file('master.key'));
    expectRejected(/master\.key is missing/);
  });

  test('the master key is created at the next start if the first start was interrupted before its creation', async () => {
    openStore(directory).close();
    rmSync(file('master.key'));
    await createStore();
    expect(readMode(file('master.key'))).toBe('600');
  });
});

describe('openStore', () => {
  test('openStore rejects a text file without changing it', () => {
    mkdirSync(directory);
    writeFileSync(file('kms.sqlite'), 'This is a letter to a friend, and no database.', { mode: 0o644 });
    expectRejected(/kms\.sqlite is not an emulator store: use another data directory$/);
  });

  test.for(['DELETE', 'WAL'])(
    "openStore rejects another program's database without changing it (journal mode %s)",
    (journal) => {
      mkdirSync(directory);
      const database = new DatabaseSync(file('kms.sqlite'));
      database.exec(
        `PRAGMA journal_mode = ${journal}; CREATE TABLE letters (text TEXT); INSERT INTO letters VALUES ('x')`,
      );
      database.close();
      expectRejected(/kms\.sqlite belongs to another program: use another data directory$/);
    },
  );

  test("openStore rejects another program's database that has no tables yet", () => {
    mkdirSync(directory);
    const database = new DatabaseSync(file('kms.sqlite'));
    database.exec('PRAGMA application_id = 1');
    database.close();
    expectRejected(/kms\.sqlite belongs to another program: use another data directory$/);
  });

  test('openStore rejects a store from a newer version without changing it', async () => {
    await createStore();
    const database = new DatabaseSync(file('kms.sqlite'));
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    database.exec(`PRAGMA user_version = ${version + 1}`);
    database.close();
    const versions = `schema ${version + 1}; this version supports ${version}`;
    expectRejected(new RegExp(`was written by a newer version of the emulator \\(${versions}\\): update`));
  });

  test('openStore rejects a truncated store without changing it', async () => {
    await createStore();
    truncateSync(file('kms.sqlite'), 5_000);
    expectRejected(/kms\.sqlite is damaged: restore the data directory from a backup, or use another/);
  });

  test('openStore rejects an empty database file beside a master key without changing either file', async () => {
    await createStore();
    truncateSync(file('kms.sqlite'), 0);
    expectRejected(/kms\.sqlite is empty, but master\.key exists, so the stored keys are lost: restore the file/);
  });

  test.for(['keys', 'keys_by_page'])(
    'openStore rejects a store that lost rows in a page of %s, instead of returning only some of the keys',
    async (name) => {
      await createStore();
      const database = new DatabaseSync(file('kms.sqlite'));
      const { page } = database.prepare('SELECT rootpage AS page FROM sqlite_schema WHERE name = ?').get(name) as {
        page: number;
      };
      database.close();
      const bytes = readFileSync(file('kms.sqlite'));
      // The number of a page's cells (https://www.sqlite.org/fileformat.html#b_tree_pages).
      const cells = (page - 1) * 4_096 + 3;
      bytes.writeUInt16BE(bytes.readUInt16BE(cells) - 1, cells);
      writeFileSync(file('kms.sqlite'), bytes);
      expectRejected(/kms\.sqlite is damaged: restore the data directory from a backup, or use another/);
    },
  );

  test('openStore rejects a store whose index does not match its table', async () => {
    await createStore();
    const database = new DatabaseSync(file('kms.sqlite'));
    const { page } = database
      .prepare("SELECT rootpage AS page FROM sqlite_schema WHERE name = 'keys_by_page'")
      .get() as {
      page: number;
    };
    database.close();
    const bytes = readFileSync(file('kms.sqlite'));
    const account = bytes.indexOf('000000000000', (page - 1) * 4_096);
    expect(account).toBeLessThan(page * 4_096);
    bytes.write('1', account);
    writeFileSync(file('kms.sqlite'), bytes);
    expectRejected(/kms\.sqlite is damaged: restore the data directory from a backup, or use another/);
  });

  test('openStore rejects a store with an overwritten page without changing it', async () => {
    await createStore();
    const bytes = readFileSync(file('kms.sqlite'));
    bytes.fill(0xa5, 100, 4_096);
    writeFileSync(file('kms.sqlite'), bytes);
    expectRejected(/kms\.sqlite is damaged: /);
  });

  test('openStore waits while another program reads a database that has no write-ahead log yet', async () => {
    await createStore();
    const database = new DatabaseSync(file('kms.sqlite'));
    database.exec('PRAGMA journal_mode = DELETE');
    database.close();
    const reader = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const database = new (require('node:sqlite').DatabaseSync)(workerData);
       database.exec('BEGIN');
       database.prepare('SELECT * FROM keys').all();
       parentPort.postMessage('reading');
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
       database.close();`,
      { eval: true, workerData: file('kms.sqlite') },
    );
    await once(reader, 'message');
    const store = openStore(directory);
    expect(store.keys.listPage('000000000000', 'us-east-1', 0, 10)).toHaveLength(1);
    store.close();
    await once(reader, 'exit');
  });

  test('openStore rejects a directory instead of the database', () => {
    mkdirSync(file('kms.sqlite'), { recursive: true });
    expect(() => openStore(directory)).toThrow(StoreError);
  });

  test('openStore rejects a file instead of the data directory, and the command reports the error in one line', async () => {
    writeFileSync(directory, '');
    const { code, stderr } = await startEmulatorCommand(['--port', '0', '--data', directory]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^kms-emulator: cannot use \S+: ENOTDIR: [^\n]+\n$/);
    expect(statSync(directory).size).toBe(0);
  });

  test('openStore rejects a directory below /proc, where files cannot be created', () => {
    expect(() => openStore('/proc/kms/data')).toThrow(
      /^cannot use \/proc\/kms\/data\/kms\.sqlite: E[A-Z]+: .*Use a data directory that you can write to/,
    );
  });

  test('openStore rejects a read-only directory, and the message contains its path', () => {
    chmodSync(join(directory, '..'), 0o755);
    mkdirSync(directory, { mode: 0o555 });
    let thrown: unknown;
    // Root can write to any directory, so the test drops its privileges for this call.
    if (isRoot) process.seteuid?.(unprivilegedUserId);
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

test('openStore opens a store that was copied together with its master key', async () => {
  await createStore();
  const copy = join(directory, '..', 'copy');
  cpSync(directory, copy, { recursive: true });
  openStore(copy).close();
  rmSync(join(copy, 'master.key'));
  copyFileSync(file('master.key'), join(copy, 'master.key'));
  openStore(copy).close();
});
