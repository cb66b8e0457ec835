import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('CONTRIBUTING.md', 'utf8');

test('CONTRIBUTING.md lists the middleware in execution order', () => {
  const source = readFileSync('shared/handler/create-handler.ts', 'utf8');
  const chain = [...source.matchAll(/^ +\.use\((?:catchOnError\()?(\w+)\(/gm)].map(([, name]) => name);
  const [, table = ''] = page.split('| middleware |');
  const listed = [...table.split('\n\n')[0]!.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(chain.length).toBeGreaterThan(10);
  expect(listed).toEqual(chain);
});

test.for(['shared', 'emulator'])('the layout in CONTRIBUTING.md lists each folder in %s/', (parent) => {
  const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) expect(page).toContain(`\`${parent}/${name}/`);
});
