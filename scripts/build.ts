/**
 * Builds the npm package, which contains JavaScript and type declarations for the client and the emulator. Node.js cannot
 * run TypeScript in node_modules.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { buildConsole } from './build-console.ts';
import { buildFunctions } from './build-functions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

rmSync('dist', { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
// TypeScript before 5.7 does not know the type parameter, which has this default.
for (const file of globSync('dist/**/*.d.ts')) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/\b(Uint8Array|Buffer)<ArrayBufferLike>/g, '$1'));
}
for (const file of [
  'seed/default.json',
  'seed/seed.schema.json',
  'command/bin.cjs',
  'command/load-cli.cjs',
  'fixtures/jest-account.cjs',
  'fixtures/jest-account.d.cts',
])
  copyFileSync(`emulator/${file}`, `dist/emulator/${file}`);
await buildConsole();
await buildFunctions('dist/testing');
cpSync('emulator/console/dist', 'dist/emulator/console/dist', { recursive: true });
chmodSync('dist/emulator/command/bin.cjs', 0o755);
// The compiler copies the whole file, because the emulator imports it. The code in `dist` needs only these members.
const { name, version, type, engines } = packageJson;
writeFileSync('dist/package.json', `${JSON.stringify({ name, version, type, engines }, null, 2)}\n`);
