import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlOperations } from '../../emulator/http/control-operations.ts';
import { startEmulator } from '../../emulator/index.ts';
import { seedSchema } from '../../emulator/seed/seed.ts';
import { testDocBlocks, typeErrors } from '../support/doc-blocks.ts';
import { useFixedPorts } from '../support/fixed-ports.ts';
import { installPacked, type Project } from '../support/packed-package.ts';
import { run } from '../support/process.ts';

const page = 'docs/guides/emulator.md';
const text = readFileSync(page, 'utf8');
let project: Project;

// The page starts the emulator on its own port.
useFixedPorts();
beforeAll(async () => {
  project = await installPacked();
  project.lend('@aws-sdk', 'vitest');
}, 60_000);
afterAll(() => project?.remove());

testDocBlocks(page, () => project);

test('the TypeScript of the page has types that hold', async () => {
  expect(await typeErrors(page, project)).toBe('');
});

test('the files for Jest do what Jest asks of them: called in its order, KMS is there, and then it is not', async () => {
  const script = `
    import start from './jest/start-kms.mjs';
    import stop from './jest/stop-kms.mjs';
    import config from './jest.config.mjs';
    const health = () => fetch(process.env.AWS_ENDPOINT_URL_KMS + '/_kms/health').then(({ status }) => status, () => 'gone');
    await start();
    console.log(await health());
    await stop();
    console.log(await health(), config.globalSetup, config.globalTeardown);`;
  project.write('jest-by-hand.mjs', script);
  const finished = await run(['node', 'jest-by-hand.mjs'], { cwd: project.folder });
  expect(finished.stdout).toBe('200\ngone ./jest/start-kms.mjs ./jest/stop-kms.mjs\n');
});

/** The names that stand in code in the first column of the page's tables. */
const named = [...text.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
);

describe('the page names', () => {
  test('every flag of the command', async () => {
    const { stdout } = await run(['node', 'emulator/cli.ts', '--help']);
    const flags = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags.length).toBeGreaterThan(5);
    expect(named.map((name) => name.split(' ')[0])).toEqual(expect.arrayContaining(flags));
  });

  test('every member of a seeded key', () => {
    const members = Object.keys(seedSchema._zod.def.shape.Keys._zod.def.element._zod.def.shape);
    expect(named).toEqual(expect.arrayContaining(members));
    for (const name of Object.keys(seedSchema._zod.def.shape))
      if (name !== '$schema') expect(text).toContain(`\`${name}`);
  });

  test('every path that steers it', async () => {
    const emulator = await startEmulator();
    const paths = Object.keys(controlOperations(emulator)).map((path) => path.replace(' ', ' /_kms/'));
    await emulator.close();
    expect(named).toEqual(expect.arrayContaining(paths));
  });

  test('only headings and files that are there', () => {
    const slugs = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, slug] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(slugs).toContain(slug);
    for (const [, file = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect(() => readFileSync(join('docs/guides', file)), file).not.toThrow();
    }
  });
});
