import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Running, run } from './process.ts';
import { root } from './project-copy.ts';

/**
 * The code of a page of documentation, run as a reader would: from top to bottom, in one project, with what a block exports there for
 * the blocks after it. A comment of HTML right above a block says what it is, where that is not plain:
 *
 *     <!-- not run: why -->             it is not run
 *     <!-- file: test/setup.ts -->      it is this file of the project
 *     <!-- prints: text -->             its output holds this text
 *     <!-- background until: text -->   it goes on running; the next block waits for this text. It ends with the next such block
 *
 * `sh` blocks must end with status 0. `ts` and `js` blocks run in Node, and print what the comments behind their `console.log` say.
 * A `text` block after one that is run is what that prints, with `…` for what differs from time to time.
 */
export interface DocBlock {
  /** Where its code begins, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly notRun: string | undefined;
  readonly file: string | undefined;
  readonly prints: string | undefined;
  readonly backgroundUntil: string | undefined;
}

export interface DocProject {
  readonly folder: string;
  write(file: string, text: string): void;
}

const fence = /^((?:<!-- [^\n]* -->\n)*)```(\w*)\n(.*?)^```$/gms;
const mark = /^<!-- (not run|file|prints|background until): (.+) -->$/;

/** All fenced blocks of a page. Throws where one is not read in full, or a comment above it is not of a kind that is known. */
export function docBlocks(page: string): DocBlock[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(fence)].map(({ index, 1: comments = '', 2: language = '', 3: code = '' }) => {
    const line = text.slice(0, index + comments.length).split('\n').length + 1;
    const marks = marksOf(comments, `${page}, line ${line}`);
    return {
      line,
      language,
      code,
      notRun: marks.get('not run'),
      file: marks.get('file'),
      prints: marks.get('prints'),
      backgroundUntil: marks.get('background until'),
    };
  });
  const fences = text.match(/^ *```/gm)?.length ?? 0;
  if (fences !== blocks.length * 2)
    throw new Error(`${page} has ${fences} fences, of which ${blocks.length} pairs are read`);
  return blocks;
}

function marksOf(comments: string, where: string): Map<string, string> {
  const marks = new Map<string, string>();
  for (const comment of comments.split('\n').filter((line) => line !== '')) {
    const [, kind, value] = mark.exec(comment) ?? [];
    if (kind === undefined || value === undefined) throw new Error(`${where}: ${comment} is not known`);
    marks.set(kind, value);
  }
  return marks;
}

/** A block may run a test runner of its own, on a busy machine. */
const blockMs = 120_000;

/** What exported variables survive from one block to the next: each block is a shell of its own. */
const variables = '.doc-variables';
/** By language: the ending of the file that Node runs; a shell runs its block as it is. */
const extensions: Readonly<Record<string, string | undefined>> = { ts: 'ts', js: 'mjs' };
const runnable = new Set(['sh', ...Object.keys(extensions)]);
/** What would mean something in a pattern. */
const special = /[.*+?^${}()|[\]\\]/g;
/** Blocks that show something, and are no code. */
export const shown: ReadonlySet<string> = new Set(['text', 'mermaid']);

/** What the comments of a block say that it prints, line by line. */
export function promisedLines(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\);? \/\/ (.*)$/gm)].map(([, text = '']) => text);
}

/** What the compiler says of a page's TypeScript, in a folder of its own: nothing where its types hold. */
export async function typeErrors(page: string, { folder, write }: DocProject): Promise<string> {
  const blocks = docBlocks(page).filter(({ language, notRun }) => language === 'ts' && notRun === undefined);
  const files = blocks.map(({ line, code, file = nameOf(line, 'ts') }) => {
    write(`types/${file}`, code);
    return `types/${file}`;
  });
  const options =
    '--noEmit --strict --skipLibCheck --target es2022 --module nodenext --lib es2024,dom --types node'.split(' ');
  const typeRoots = ['--typeRoots', join(root, 'node_modules', '@types')];
  return (await run(['tsc', ...options, ...typeRoots, ...files], { cwd: folder, timeoutMs: blockMs })).output;
}

function nameOf(line: number, extension: string): string {
  return `block-at-line-${line}.${extension}`;
}

/** All of the output: `…` stands for anything, over lines too. */
function patternOf(printed: string): RegExp {
  const parts = printed.trimEnd().split('…');
  return new RegExp(`^${parts.map((part) => part.replaceAll(special, '\\$&')).join('[^]*')}\\s*$`);
}

/** Registers a test for each block of the page. */
export function testDocBlocks(page: string, project: () => DocProject, env: NodeJS.ProcessEnv = {}): void {
  const blocks = docBlocks(page);
  let background: Running | undefined;
  const endBackground = async () => {
    await background?.end();
    background = undefined;
  };
  afterAll(endBackground);

  describe(`the code of ${page}`, () => {
    test('is run, or is a file, or has a reason not to be', () => {
      expect(blocks.length).toBeGreaterThan(0);
      for (const { line, language, notRun, file } of blocks) {
        const isKnown = notRun !== undefined || file !== undefined || runnable.has(language) || shown.has(language);
        expect(isKnown, `line ${line}: a block of ${language || 'no language'} is not run, and has no reason`).toBe(
          true,
        );
      }
    });

    for (const [index, block] of blocks.entries()) {
      if (shown.has(block.language)) continue;
      const printed = blocks[index + 1]?.language === 'text' ? blocks[index + 1]?.code : undefined;
      const { line, language, code, notRun, file, prints, backgroundUntil } = block;
      const title = `line ${line}: ${code.split('\n')[0]}`;
      if (notRun !== undefined) {
        test.skip(`${title} (${notRun})`);
        continue;
      }
      test(
        title,
        async () => {
          const { folder, write } = project();
          if (file !== undefined) return write(file, code);
          const extension = extensions[language];
          if (extension !== undefined) write(nameOf(line, extension), code);
          const command = extension === undefined ? code : `node ${nameOf(line, extension)}\n`;
          const script = `if [ -f ${variables} ]; then . ./${variables}; fi\n${command}`;
          if (backgroundUntil !== undefined) {
            await endBackground();
            background = new Running(['sh', '-ec', script], { cwd: folder, env });
            await background.waitFor(new RegExp(backgroundUntil.replaceAll(special, '\\$&')));
            return;
          }
          const finished = await run(['sh', '-aec', `${script}export -p > ${variables}\n`], {
            cwd: folder,
            env,
            timeoutMs: blockMs,
          });
          expect(finished, finished.output).toMatchObject({ code: 0 });
          if (language !== 'sh')
            expect(finished.stdout.split('\n').filter((text) => text !== '')).toEqual(promisedLines(code));
          if (printed !== undefined) expect(finished.stdout).toMatch(patternOf(printed));
          if (prints !== undefined) expect(finished.output).toContain(prints);
        },
        blockMs + 5_000,
      );
    }
  });
}
