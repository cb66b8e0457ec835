import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useFixedPorts } from './support/fixed-ports.ts';
import { type Running, run } from './support/process.ts';
import { root, useProjectCopy } from './support/project-copy.ts';
import { npmStart } from './support/start.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);

/** Blocks that this file does not run, and why. */
const notRun = new Map([
  ['npm ci && npm start\n', 'installs anew; `npm start` is what all the others run against'],
  ['npm ci && npm test\n', 'is what runs this file'],
  ['npx serverless deploy --stage dev\n', 'needs an AWS account'],
]);

/** What the output of a block must hold, by a part of the block: the essential outcome. */
const outcomes: readonly (readonly [part: string, outcome: RegExp])[] = [
  ['KEY=$(curl', /^$/],
  ["echo 'the secret' > secret.txt", /^$/],
  ['http://localhost:3000/decrypt', /^the secret\n\n$/],
  ['/schedule-deletion"', /"KeyState":"PendingDeletion","PendingWindowInDays":7/],
  ['invoke local -f createKey', /"Description": "my second key".*"CiphertextBlob".*"Plaintext".*"PendingDeletion"/s],
  ['AWS_ENDPOINT_URL_KMS=', /^hello\n$/],
];

const mark = '--- end of block';

describe('every sh block of the README', () => {
  useFixedPorts();
  const project = useProjectCopy();
  const runnable = blocks.filter((block) => !notRun.has(block));
  let service: Running;
  let outputs: string[] = [];
  let errors = '';

  beforeAll(async () => {
    ({ process: service } = await npmStart(project.directory));
    // One shell for all, as a reader has: what a block sets, the next one finds.
    const script = runnable.map((block) => `${block}printf '\\n${mark} %s\\n' "$?"\n`).join('');
    writeFileSync(join(project.directory, 'readme.sh'), script);
    const finished = await run(['sh', 'readme.sh'], { cwd: project.directory, timeoutMs: 60_000 });
    outputs = finished.stdout.split(`\n${mark} `);
    errors = finished.stderr;
  }, 120_000);
  afterAll(async () => {
    expect((await service.end()).code).toBe(0);
  });

  test('is run, or has a reason not to be', () => {
    expect(blocks.length).toBeGreaterThan(notRun.size);
    for (const block of notRun.keys()) expect(blocks).toContain(block);
    for (const block of runnable) {
      expect(
        outcomes.filter(([part]) => block.includes(part)),
        block,
      ).toHaveLength(1);
    }
    expect(runnable).toHaveLength(outcomes.length);
  });

  test.for(runnable.map((block, index) => ({ block, index, line: block.split('\n')[0] })))(
    'works as printed: $line',
    ({ block, index }) => {
      // The status of a block stands at the head of the next part.
      const output = (outputs[index] ?? '').replace(/^\d+\n/, '');
      const [, status] = /^(\d+)\n/.exec(outputs[index + 1] ?? '') ?? [];
      expect(status, `${output}\n${errors}`).toBe('0');
      const [, outcome] = outcomes.find(([part]) => block.includes(part)) ?? [];
      expect(output).toMatch(outcome ?? /never/);
    },
  );
});

test('the table of commands lists exactly the scripts of package.json', () => {
  // What npm runs by itself (`prepack`) nobody types.
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, section = ''] = readme.split('\n## Commands\n');
  const listed = [...section.matchAll(/^\| `npm (?:run )?([a-z]+)[^`]*` /gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(
    Object.keys(scripts)
      .filter((name) => !name.startsWith('pre'))
      .toSorted(),
  );
});
