import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/project-copy.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the README lists every script in package.json, except the scripts that npm runs automatically', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, section = ''] = readme.split('\n## Commands\n');
  const listed = [...section.matchAll(/^\| `npm (?:run )?([a-z][a-z:-]*)[^`]*` /gm)].map(([, name]) => name);
  const expected = Object.keys(scripts).filter((name) => !/^(pre|post)/.test(name));
  expect(listed.toSorted()).toEqual(expected.toSorted());
});
