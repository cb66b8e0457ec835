import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDocBlocks, readPromisedLines } from '../support/doc-blocks.ts';
import { useDirectory } from '../support/project-copy.ts';

const used = useDirectory();
const writePage = (text: string) => {
  const file = join(used.directory, 'page.md');
  writeFileSync(file, text);
  return file;
};

test('readDocBlocks reads the line, the language and the comments of a block', () => {
  const page = writePage('# Title\n\n```sh\nls\n```\n\n<!-- file: a/b.ts -->\n<!-- prints: x -->\n```ts\n```\n');
  expect(readDocBlocks(page)).toMatchObject([
    { line: 4, language: 'sh', code: 'ls\n', file: undefined, notRun: undefined },
    { line: 10, language: 'ts', code: '', file: 'a/b.ts', prints: 'x' },
  ]);
});

test.each([
  ['an unknown comment', '<!-- skip: it -->\n```sh\nls\n```\n', 'unknown comment'],
  ['a "not run" comment without a reason', '<!-- not run: -->\n```sh\nls\n```\n', 'unknown comment'],
  ['a block inside a list', '- x\n\n  ```sh\n  ls\n  ```\n', 'has 2 fence lines, but only 0 blocks could be read'],
  ['a block without an end', '```sh\nls\n', 'has 1 fence lines, but only 0 blocks could be read'],
])('readDocBlocks rejects %s', (_, text, message) => {
  expect(() => readDocBlocks(writePage(text))).toThrow(message);
});

test('readPromisedLines reads the expected output from the comments after console.log', () => {
  const code = "console.log(1); // 1\nconst a = 2; // two\nconsole.log('x') // x\n";
  expect(readPromisedLines(code)).toEqual(['1', 'x']);
});
