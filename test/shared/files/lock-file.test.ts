import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFile } from '../../../shared/files/lock-file.ts';
import { root, useDirectory } from '../../support/project-copy.ts';

const used = useDirectory();
const path = (name: string) => join(used.directory, name);
const imported = `import { lockFile } from ${JSON.stringify(join(root, 'shared/files/lock-file.ts'))};`;

/** Runs code in another process. */
function start(code: string): ChildProcess {
  const args = ['--input-type=module-typescript', '--eval', `${imported}\n${code}`];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('a locked file cannot be locked again until it is unlocked, and is removed then', () => {
  const unlock = lockFile(path('a.lock'));
  expect(lockFile(path('a.lock'))).toBeUndefined();
  expect(existsSync(path('a.lock'))).toBe(true);
  unlock?.();
  expect(existsSync(path('a.lock'))).toBe(false);
  const again = lockFile(path('a.lock'));
  expect(again).toBeDefined();
  again?.();
});

test('a lock of another process ends when the process is killed, although its file stays', async () => {
  const child = start(
    `lockFile(${JSON.stringify(path('b.lock'))}); console.log('locked'); setInterval(() => {}, 1000);`,
  );
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  expect(lockFile(path('b.lock'))).toBeUndefined();
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(path('b.lock'))).toBe(true);
  const unlock = lockFile(path('b.lock'));
  expect(unlock).toBeDefined();
  unlock?.();
});

test('two processes that lock and unlock a file all the time never have its lock at the same time', async () => {
  // The marker exists only while a process has the lock. Creating it twice fails.
  const code = `
    import { rmSync, writeFileSync } from 'node:fs';
    for (let count = 0; count < 300; ) {
      const unlock = lockFile(${JSON.stringify(path('c.lock'))});
      if (unlock === undefined) continue;
      writeFileSync(${JSON.stringify(path('marker'))}, '', { flag: 'wx' });
      rmSync(${JSON.stringify(path('marker'))});
      unlock();
      count += 1;
    }`;
  const codes = await Promise.all([1, 2].map(async () => (await once(start(code), 'exit'))[0]));
  expect(codes).toEqual([0, 0]);
});

test('a lock in a missing folder fails with the error of the file system', () => {
  expect(() => lockFile(path('none/d.lock'))).toThrow('ENOENT');
});

test('a file of another program is not a lock, and stays as it is', () => {
  writeFileSync(path('e.lock'), '12345\n');
  expect(() => lockFile(path('e.lock'))).toThrow('e.lock exists, but is not a lock. Move it to another folder.');
  expect(readFileSync(path('e.lock'), 'utf8')).toBe('12345\n');
});
