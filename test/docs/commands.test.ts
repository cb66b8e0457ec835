import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/project-copy.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

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
