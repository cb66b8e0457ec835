import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createControlRoutes } from '../../emulator/http/control-server.ts';
import { startEmulator } from '../../emulator/index.ts';
import { seedSchema } from '../../emulator/seed/seed-schema.ts';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { installPackedPackage, type Project } from '../support/packed-package.ts';
import { run } from '../support/process.ts';
import { testDocBlocks } from '../support/run-doc-blocks.ts';

const guides = ['docs/guides/emulator.md', 'docs/guides/testing.md', 'docs/reference/message-format.md'];
let project: Project;

// The guides start the emulator on its default port.
useFixedPorts();
beforeAll(async () => {
  project = await installPackedPackage();
  project.link('@aws-sdk', 'vitest');
}, 120_000);
afterAll(() => project?.remove());

for (const guide of guides) testDocBlocks(guide, () => project);

test("the guide's Jest configuration starts and stops the emulator when its files are called in Jest's order", async () => {
  const script = `
    import config from './jest.config.mjs';
    const { default: start } = await import(config.globalSetup);
    const { default: stop } = await import(config.globalTeardown);
    const url = () => process.env.AWS_ENDPOINT_URL_KMS;
    const health = (endpoint) => fetch(endpoint + '/_kms/health').then(({ status }) => status, () => 'gone');
    globalThis.beforeEach = (hook) => hook();
    await start();
    const started = url();
    for (const file of config.setupFilesAfterEnv) await import(file);
    console.log(await health(started), process.env.AWS_ACCESS_KEY_ID.length);
    await stop();
    console.log(await health(started), url());`;
  project.write('jest-by-hand.mjs', script);
  const finished = await run(['node', 'jest-by-hand.mjs'], { cwd: project.folder });
  expect(finished.stdout).toBe('200 12\ngone undefined\n');
});

describe('docs/reference/emulator.md', () => {
  /** The code in the first column of each table. */
  const listed = [...readFileSync('docs/reference/emulator.md', 'utf8').matchAll(/^\| (`[^|]*) \|/gm)].flatMap(
    ([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );

  test('docs/reference/emulator.md lists every command-line flag', async () => {
    const { stdout } = await run(['node', 'emulator/cli.ts', '--help']);
    const flags = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags.length).toBeGreaterThan(5);
    expect(listed.map((name) => name.split(' ')[0])).toEqual(expect.arrayContaining(flags));
  });

  test('docs/reference/emulator.md lists every member of a seed and a seeded key', () => {
    const members = Object.keys(seedSchema._zod.def.shape).filter((name) => name !== '$schema');
    expect(listed).toEqual(expect.arrayContaining(members));
    expect(listed).toEqual(
      expect.arrayContaining(
        Object.keys(seedSchema._zod.def.shape.Keys._zod.def.innerType._zod.def.element._zod.def.shape),
      ),
    );
  });

  test('docs/reference/emulator.md lists every path in the control API', async () => {
    const emulator = await startEmulator();
    const paths = Object.keys(createControlRoutes(emulator)).map((path) => path.replace(' ', ' /_kms/'));
    await emulator.close();
    expect(listed).toEqual(expect.arrayContaining(paths));
  });
});
