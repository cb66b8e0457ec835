import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keySpecs } from '../../emulator/crypto/key-specs.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { useEmulator } from '../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { operations } from '../support/operations.ts';
import { installPackedPackage, type Project } from '../support/packed-package.ts';
import { isSoak } from '../support/soak.ts';

const run = promisify(execFile);
const mlKem = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'];
const mlDsa = ['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'];

interface Runtime {
  /** The npm package with the runtime, and its version. */
  readonly install: string;
  /** The runtime's name in its error messages. */
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** The key specs that the runtime does not support. */
  readonly unsupported: readonly string[];
}

const node = (version: string, unsupported: readonly string[]): Runtime => ({
  install: `node@${version}`,
  name: `Node.js ${version}`,
  command: ['node'],
  unsupported,
});

/** The oldest and the newest release of each supported Node.js line, and other runtimes. The page has the same rows. */
const runtimes: readonly Runtime[] = [
  node('22.13.1', [...mlDsa, ...mlKem]),
  node('22.23.3', [...mlDsa, ...mlKem]),
  node('24.6.0', mlKem),
  node('24.21.0', []),
  {
    install: 'deno@2.9.6',
    name: 'Deno 2.9.6',
    command: ['deno', 'run', '--allow-all', '--node-modules-dir=manual'],
    unsupported: ['SM2', ...mlDsa, ...mlKem],
  },
  { install: 'bun@1.4.5', name: 'Bun 1.4.5', command: ['bun'], unsupported: ['ECC_SECG_P256K1', 'SM2', ...mlKem] },
];

test('the page lists the runtimes and the key specs that they do not support', () => {
  const page = readFileSync('docs/reference/runtimes.md', 'utf8');
  const rows = [...page.matchAll(/^\| ((?:Node\.js|Deno|Bun) .*) \| (.*) \|$/gm)].map(([, name, specs]) => [
    name,
    specs,
  ]);
  expect(rows).toEqual(
    runtimes.map(({ name, unsupported }) => [
      name,
      unsupported.map((keySpec) => `\`${keySpec}\``).join(', ') || 'none',
    ]),
  );
});

// The test installs the runtimes from npm.
describe.runIf(isSoak)('the packed package', () => {
  const used = useEmulator();
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-runtimes-'));
  let gateway: ApiGateway;
  let project: Project;

  beforeAll(async () => {
    setLocalEnvironment(used.emulator.endpoint);
    gateway = await startApiGateway({ operations, loadHandler });
    project = await installPackedPackage();
    project.link('@aws-sdk', 'jose');
    project.write('program.mjs', readFileSync('test/runtimes/program.mjs', 'utf8'));
  }, 120_000);
  afterAll(async () => {
    await gateway.close();
    project.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  test.each(runtimes)('the client and the emulator work on $name', { timeout: 300_000 }, async (runtime) => {
    const { install, name, command, unsupported } = runtime;
    const prefix = mkdtempSync(join(folder, 'runtime-'));
    const { PATH, HOME } = process.env;
    // The runtimes are installed by install scripts, which this repository's npm settings forbid.
    const flags = ['--no-audit', '--no-fund', '--dangerously-allow-all-scripts'];
    await run('npm', ['install', ...flags, install], { cwd: prefix });
    const [program, ...args] = command;
    const { stdout } = await run(join(prefix, 'node_modules/.bin', program), [...args, 'program.mjs'], {
      cwd: project.folder,
      env: { PATH, HOME, API_URL: gateway.endpoint, EMULATOR: 'yes' },
    });
    const sentence = (keySpec: string) =>
      `UnsupportedOperationException: ${name} does not support the key spec ${keySpec}. Run the emulator with Node.js 24.7 or later.`;
    const expected = Object.keys(keySpecs).map((keySpec) => [
      keySpec,
      unsupported.includes(keySpec) ? sentence(keySpec) : 'ok',
    ]);
    expect(JSON.parse(stdout)).toEqual({
      client: 'ok',
      helpers: 'ok',
      functions: 'ok',
      start: 'ok',
      emulator: { ...Object.fromEntries(expected), seed: 'ok' },
    });
  });
});
