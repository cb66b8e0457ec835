/**
 * Builds the npm package, which contains JavaScript and type declarations for the client and the emulator. Node.js cannot
 * run TypeScript in node_modules.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

rmSync('dist', { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
for (const file of ['default.json', 'seed.schema.json'])
  copyFileSync(`emulator/seed/${file}`, `dist/emulator/seed/${file}`);
await buildConsole();
cpSync('emulator/console/dist', 'dist/emulator/console/dist', { recursive: true });
chmodSync('dist/emulator/cli.js', 0o755);
