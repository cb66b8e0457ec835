import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('CONTRIBUTING.md', 'utf8');

test('CONTRIBUTING.md lists the middleware in execution order', () => {
  const read = (file: string) => readFileSync(`shared/handler/${file}.ts`, 'utf8');
  const authorization = [...read('create-authorization').matchAll(/^ {4}(?:catchOnError\()?(\w+)\(/gm)];
  const parts: Readonly<Record<string, readonly string[]>> = {
    createAuthorization: authorization.map(([, name = '']) => name),
    // The operations for messages read bodies of bytes before JSON.
    readBody: ['readOctetStream'],
  };
  const used = [...read('create-handler').matchAll(/^ +\.use\((?:catchOnError\()?(\w+)(?:\(| \?\? \[\])/gm)];
  const chain = used.flatMap(([, name = '']) => parts[name] ?? [name]);
  const [, table = ''] = page.split('| middleware |');
  const listed = [...table.split('\n\n')[0]!.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(chain.length).toBeGreaterThan(10);
  expect(listed).toEqual(chain);
});

test.for(['shared', 'emulator'])('the layout in CONTRIBUTING.md lists each folder in %s/', (parent) => {
  const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) expect(page).toContain(`\`${parent}/${name}/`);
});
