import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { displayLanguages, readDocBlocks } from '../support/doc-blocks.ts';

/** Returns every file in the repository with this extension, except installed and built files. */
function findFiles(extension: string): string[] {
  return readdirSync('.', { withFileTypes: true })
    .filter(({ name }) => !/^(\.|node_modules$|dist$)/.test(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(entry.name, { recursive: true, encoding: 'utf8' }).map((name) => `${entry.name}/${name}`)
        : [entry.name],
    )
    .filter((name) => name.endsWith(extension))
    .sort();
}

const pages = findFiles('.md');
const runners = findFiles('.test.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => text.includes('testDocBlocks('));

/** The pages that test/client/packed-package.test.ts runs, with local endpoints instead of AWS endpoints. */
const clientGuides = ['docs/guides/client.md', 'docs/guides/sealing-in-the-client.md'];
/** Returns whether a test passes the page to `testDocBlocks`, which fails if a block neither runs nor has a reason. */
const isRun = (page: string) => clientGuides.includes(page) || runners.some((text) => text.includes(`'${page}'`));

test('the tests run the code in the README and the main guides', () => {
  const guides = ['calling', 'client', 'access', 'emulator', 'testing'].map((name) => `docs/guides/${name}.md`);
  expect(pages.filter(isRun)).toEqual(expect.arrayContaining(['README.md', ...guides]));
});

test.for(pages.filter((page) => !isRun(page)))('each code block in %s has a reason not to run', (page) => {
  const silent = readDocBlocks(page).filter(
    ({ language, notRun }) => notRun === undefined && !displayLanguages.has(language),
  );
  expect(silent.map(({ line, code }) => `line ${line}: ${code.split('\n')[0]}`)).toEqual([]);
});

test.for(pages)('each link in %s points to an existing file and heading', (page) => {
  for (const [, path = '', anchor] of readFileSync(page, 'utf8').matchAll(
    /\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g,
  )) {
    const target = path === '' ? page : join(dirname(page), path);
    expect(existsSync(target), target).toBe(true);
    if (anchor !== undefined) expect(readAnchors(target), `${target}#${anchor}`).toContain(anchor);
  }
});

/** The files that npm always packs, and the files and folders in package.json. */
const packed = [
  'README.md',
  'LICENSE',
  ...(JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }).files,
];
const isPacked = (path: string) => packed.some((entry) => path === entry || path.startsWith(`${entry}/`));

test.for(pages.filter(isPacked))('each link in %s points to a file that the package contains', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)\s#]+)/g)];
  const missing = links.map(([, path = '']) => join(dirname(page), path)).filter((path) => !isPacked(path));
  expect(missing).toEqual([]);
});

const repositoryPath =
  /`((?:\.github|bench|client|docs|emulator|examples|functions|infra|scripts|shared|test)\/[\w./-]+?)\/?`/g;

test.for(pages)('each repository path in %s exists', (page) => {
  for (const [, path = ''] of readFileSync(page, 'utf8').matchAll(repositoryPath)) {
    expect(existsSync(path), path).toBe(true);
  }
});

test.for(['docs/README.md', 'docs/decisions/README.md'])('%s links to every page below it', (index) => {
  const text = readFileSync(index, 'utf8');
  const below = pages.filter((page) => page.startsWith(`${dirname(index)}/`) && page !== index);
  const listed = below.filter((page) => !/^docs\/decisions\/\d/.test(page) || index === 'docs/decisions/README.md');
  for (const page of listed) expect(text).toContain(`](${page.slice(dirname(index).length + 1)})`);
});

/** Returns the anchors that GitHub generates for the headings in a page. */
function readAnchors(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9_ -]/g, '')
      .replaceAll(' ', '-'),
  );
}
