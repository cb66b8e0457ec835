import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../emulator/store/store.ts';
import { run } from '../../support/process.ts';
import { makeDirectory, removeDirectory } from '../../support/project-copy.ts';

const preload = './test/support/trace-files.mjs';
const program = 'test/support/open-store.ts';
const keyId = '5eed0000-0000-4000-8000-000000000001';

let parent = '';
beforeEach(() => {
  parent = makeDirectory();
});
afterEach(() => removeDirectory(parent));

/** Opens the store in another process. Returns the bytes that it sealed. */
async function openElsewhere(directory: string, env: NodeJS.ProcessEnv = {}): Promise<Buffer> {
  const { code, stdout, stderr } = await run(['node', '--import', preload, program, directory], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return Buffer.from(stdout, 'base64');
}

describe('a first start', () => {
  test('a first start syncs the master key, the data directory and its parents before it uses the key', async () => {
    const directory = join(parent, 'new', 'data');
    const trace = join(parent, 'trace');
    await openElsewhere(directory, { FILE_TRACE: trace });
    const operations = readFileSync(trace, 'utf8').trim().split('\n');
    const relevant = operations.filter(
      (line) => /^(mkdir|fsync|link|rm) /.test(line) || /^(open|writeFile) master\.key\.draft$/.test(line),
    );
    expect(relevant).toEqual([
      'mkdir new',
      `fsync ${parent.split('/').at(-1)}`,
      'mkdir data',
      'fsync new',
      'open master.key.draft',
      'writeFile master.key.draft',
      'fsync master.key.draft',
      'link master.key',
      'rm master.key.draft',
      'fsync data',
    ]);
    expect(readdirSync(directory).toSorted()).toEqual(['.gitignore', 'kms.sqlite', 'master.key']);
  });

  test.for([
    ['before', 'link master.key', 'creates its own master key'],
    ['after', 'stat master.key', 'looks for the master key'],
    ['after', 'stat kms.sqlite', 'looks for the database'],
  ])(
    'a first start uses the master key of another process that creates the store %s "%s", when it %s',
    async ([moment, operation]) => {
      const directory = join(parent, 'data');
      const sealed = await openElsewhere(directory, {
        FILE_PAUSE: `${moment} ${operation}`,
        FILE_PAUSE_COMMAND: `node ${program} '${directory}' ${keyId}`,
      });
      const store = openStore(directory);
      expect(store.keys.find('000000000000', 'us-east-1', keyId)?.keyId, 'the other process ran').toBe(keyId);
      expect(store.unseal('test', sealed).toString()).toBe('bytes');
      store.close();
      expect(readdirSync(directory).toSorted()).toEqual(['.gitignore', 'kms.sqlite', 'master.key']);
    },
  );
});
