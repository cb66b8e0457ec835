/**
 * Records the file operations of a process, in order, when loaded with `--import`. Writes them to the file in
 * FILE_TRACE, as lines such as `fsync master.key`. Names of drafts end in `.draft`.
 *
 * If FILE_PAUSE contains an operation, such as `link master.key`, the process runs the command in FILE_PAUSE_COMMAND
 * once, and waits for its end. With `before` the command runs before the operation, and with `after` after it. This
 * simulates another process at the worst moment.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { FILE_TRACE, FILE_PAUSE = '', FILE_PAUSE_COMMAND = '' } = process.env;
const [moment, ...paused] = FILE_PAUSE.split(' ');
const { writeFileSync } = fs;
const lines = [];
const paths = new Map();
let hasPaused = false;

const toName = (target) => {
  const path = typeof target === 'number' ? paths.get(target) : String(target);
  return path === undefined ? '' : basename(path).replace(/\.[0-9a-f-]{36}$/, '.draft');
};

function pause(at, line) {
  if (hasPaused || at !== moment || line !== paused.join(' ')) return;
  hasPaused = true;
  const { status, stderr } = spawnSync('sh', ['-c', FILE_PAUSE_COMMAND], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The other process failed: ${stderr}`);
}

const names = { linkSync: 1, renameSync: 1, rmSync: 0, statSync: 0, existsSync: 0, mkdirSync: 0 };
const operations = { openSync: 0, writeFileSync: 0, fsyncSync: 0, ...names };

for (const [name, argument] of Object.entries(operations)) {
  const original = fs[name];
  fs[name] = (...args) => {
    const line = `${name.replace('Sync', '')} ${toName(args[argument])}`;
    pause('before', line);
    try {
      const result = original(...args);
      if (name === 'openSync') paths.set(result, String(args[0]));
      return result;
    } finally {
      lines.push(line);
      pause('after', line);
    }
  };
}
syncBuiltinESMExports();
if (FILE_TRACE) process.on('exit', () => writeFileSync(FILE_TRACE, lines.join('\n')));
