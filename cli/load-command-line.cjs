/**
 * Loads the command line. A clone contains the sources, and the npm package only the built files. It is a file of its
 * own, because old versions of Node.js cannot read `import()`.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (!existsSync(join(__dirname, 'run-process.ts'))) {
  import('../dist/cli/run-process.js');
} else if (process.features.typescript) {
  import('./run-process.ts');
} else {
  // This Node.js cannot run TypeScript, but `npm ci` has installed one that can.
  const node = join(__dirname, '../node_modules/node/bin/node');
  const { status, signal } = spawnSync(node, [join(__dirname, 'bin.cjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = status === null ? 2 : status;
}
