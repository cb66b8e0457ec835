/**
 * Builds the single-file executable `kms-emulator` for the platform of this machine, with the Node.js that runs this
 * script: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html. Writes the executable and the
 * license texts to `.build/binary`, or to the folder in `--output`.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildConsole } from '../build-console.ts';
import { collectPackageLicenses, formatLicenses } from '../package-licenses.ts';
import { bundleEmulator, findAssets } from './bundle-emulator.ts';
import { readNodeLicense } from './node-license.ts';

const { output } = parseArgs({ options: { output: { type: 'string', default: '.build/binary' } } }).values;
const isMac = process.platform === 'darwin';
const executable = join(output, 'kms-emulator');
const program = join(output, 'kms-emulator.cjs');
const configuration = join(output, 'sea-config.json');
const blob = join(output, 'kms-emulator.blob');

mkdirSync(output, { recursive: true });
const consoleContent = await buildConsole();
const { code, metafile } = await bundleEmulator();
writeFileSync(program, code);
writeFileSync(
  configuration,
  JSON.stringify({
    main: program,
    output: blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    // Ignores NODE_OPTIONS, which is meant for the Node.js of the user's own programs.
    execArgvExtension: 'none',
    assets: findAssets(),
  }),
);
run(process.execPath, '--experimental-sea-config', configuration);
copyFileSync(process.execPath, executable);
chmodSync(executable, 0o755);
// The injection invalidates the signature. macOS runs only signed programs on Apple silicon.
if (isMac) run('codesign', '--remove-signature', executable);
run(
  ...(['postject', executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', readFuse()] as const),
  ...(isMac ? ['--macho-segment-name', 'NODE_SEA'] : []),
);
if (isMac) run('codesign', '--sign', '-', executable);

copyFileSync('LICENSE', join(output, 'LICENSE'));
const licenses = [...collectPackageLicenses('.', metafile, consoleContent), readNodeLicense(process.execPath)];
writeFileSync(join(output, 'THIRD-PARTY-LICENSES.txt'), formatLicenses(licenses));
console.log(`${executable}: ${Math.round(statSync(executable).size / 1e6)} MB`);

function run(command: string, ...args: string[]): void {
  try {
    execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Reads the mark in Node.js that tells postject where to write that the executable contains a program. */
function readFuse(): string {
  const [fuse] = /NODE_SEA_FUSE_[0-9a-f]{32}/.exec(readFileSync(process.execPath, 'latin1')) ?? [];
  if (fuse === undefined) throw new Error(`${process.execPath} does not support single executable applications`);
  return fuse;
}
