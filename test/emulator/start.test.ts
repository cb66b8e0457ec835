import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderName } from '../../shared/declaration/operation.ts';
import { operationRows } from '../support/operations.ts';
import { root, useDirectory } from '../support/project-copy.ts';

const used = useDirectory();

const loadedLater = [
  '/@noble/',
  '/sm-crypto-v2/',
  '/yaml/',
  ...operationRows.map(({ operation }) => `/emulator/operations/${operation.group}/${folderName(operation)}.ts`),
  '/functions/operations.ts',
  '/emulator/http/tls/',
  'internal/deps/undici',
];

/** Starts and closes an emulator on a directory, and prints every loaded module. */
const script = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  const { startEmulator } = await import(process.argv[1]);
  const emulator = await startEmulator({ directory: process.argv[2], seed: 'default' });
  await emulator.close();
  console.log(JSON.stringify([...loaded, ...process.moduleLoadList]));`;

function listLoadedModules(): readonly string[] {
  const server = join(root, 'emulator/index.ts');
  const args = ['--input-type=module', '-e', script, server, join(used.directory, 'data')];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as string[];
}

describe('starting the emulator', () => {
  test.for(['on a new data directory', 'on an existing data directory'])(
    'an emulator that starts %s does not load modules that only some calls need',
    () => {
      const loaded = listLoadedModules();
      expect(loaded.some((url) => url.includes('/node_modules/zod/'))).toBe(true);
      for (const late of loadedLater) expect(loaded.filter((url) => url.includes(late))).toEqual([]);
    },
  );
});
