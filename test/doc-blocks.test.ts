import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { docBlocks, promisedLines } from './support/doc-blocks.ts';
import { useDirectory } from './support/project-copy.ts';

const used = useDirectory();
const page = (text: string) => {
  const file = join(used.directory, 'page.md');
  writeFileSync(file, text);
  return file;
};

test('a block is read with its line, its language and what the comments above it say', () => {
  const text = '# Title\n\n```sh\nls\n```\n\n<!-- file: a/b.ts -->\n<!-- prints: x --> \n```ts\n```\n';
  expect(docBlocks(page(text.replace('--> \n', '-->\n')))).toMatchObject([
    { line: 4, language: 'sh', code: 'ls\n', file: undefined, notRun: undefined },
    { line: 10, language: 'ts', code: '', file: 'a/b.ts', prints: 'x' },
  ]);
});

test.each([
  ['a comment that is not known', '<!-- skip: it -->\n```sh\nls\n```\n', 'is not known'],
  ['a comment without a reason', '<!-- not run: -->\n```sh\nls\n```\n', 'is not known'],
  ['a block inside a list', '- x\n\n  ```sh\n  ls\n  ```\n', 'has 2 fences, of which 0 pairs are read'],
  ['a block that does not end', '```sh\nls\n', 'has 1 fences, of which 0 pairs are read'],
])('%s is refused', (_, text, message) => {
  expect(() => docBlocks(page(text))).toThrow(message);
});

test('what a block prints is what the comments behind its console.log say', () => {
  expect(promisedLines("console.log(1); // 1\nconst a = 2; // two\nconsole.log('x') // x\n")).toEqual(['1', 'x']);
});
