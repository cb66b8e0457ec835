import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { docBlocks, shown } from '../support/doc-blocks.ts';

/** Every file of the repository with this ending; not those of what is installed or built. */
function filesEndingWith(ending: string): string[] {
  return readdirSync('.', { withFileTypes: true })
    .filter(({ name }) => !/^(\.|node_modules$|dist$)/.test(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(entry.name, { recursive: true, encoding: 'utf8' }).map((name) => `${entry.name}/${name}`)
        : [entry.name],
    )
    .filter((name) => name.endsWith(ending))
    .sort();
}

const pages = filesEndingWith('.md');
const runners = filesEndingWith('.test.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => text.includes('testDocBlocks('));

/** A test that runs a page, and fails on a block that it neither runs nor finds excused, names it. */
const isRun = (page: string) => runners.some((text) => text.includes(`'${page}'`)) || page === runByThePackedClient;
/** test/client/packed.test.ts, with addresses of its own in the place of those at AWS. */
const runByThePackedClient = 'docs/guides/client.md';

test('the first pages are run', () => {
  expect(pages.filter(isRun)).toEqual(
    expect.arrayContaining([
      'README.md',
      'docs/guides/getting-started.md',
      'docs/guides/calling.md',
      'docs/guides/client.md',
    ]),
  );
});

test.for(pages.filter((page) => !isRun(page)))('each block of code of %s says why it is not run', (page) => {
  const silent = docBlocks(page).filter(({ language, notRun }) => notRun === undefined && !shown.has(language));
  expect(silent.map(({ line, code }) => `line ${line}: ${code.split('\n')[0]}`)).toEqual([]);
});

test.for(pages)('each link of %s leads to a file that is there', (page) => {
  for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)\s#]+)[^)]*\)/g)) {
    expect(existsSync(join(dirname(page), target)), target).toBe(true);
  }
});
