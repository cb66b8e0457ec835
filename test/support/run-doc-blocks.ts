import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { activeMutantVariable } from './active-mutant.ts';
import { type DocBlock, displayLanguages, readDocBlocks, readPromisedLines } from './doc-blocks.ts';
import { binFolder, Running, run } from './process.ts';
import { root } from './project-copy.ts';
import { isSoak } from './soak.ts';

export interface DocProject {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Changes the code of each block before it runs, such as the URL of the service. */
  adapt?(code: string): string;
}

/** The timeout for a block. It is long because a block may start a test runner on a busy machine. */
const blockMs = 120_000;
/** Puts a shorter `npx` first (bin/npx). */
const env = isSoak ? {} : { PATH: [join(root, 'test/support/bin'), binFolder, process.env.PATH].join(':') };
/** The file that passes exported variables from one block to the next, because each block runs in its own shell. */
const variablesFile = '.doc-variables';
/** The extension of the file that Node.js runs, by language. Shell blocks run unchanged. */
const extensions: Readonly<Record<string, string | undefined>> = { ts: 'ts', js: 'mjs' };
const runnableLanguages = new Set(['sh', ...Object.keys(extensions)]);

/**
 * Registers a test for each block in a page. Blocks run from top to bottom in one project, with the variables that earlier
 * blocks exported. `sh` blocks must exit with 0. `ts` and `js` blocks run in Node.js, and must print the text in the comments
 * after their `console.log` calls. A `text` block is the expected output of the block before it. `…` matches any text.
 */
export function testDocBlocks(page: string, project: () => DocProject): void {
  const blocks = readDocBlocks(page);
  describe(`the code in ${page}`, () => {
    let background: Running | undefined;
    const stopBackground = async () => {
      await background?.end();
      background = undefined;
    };
    afterAll(stopBackground);

    test('has only blocks that run, are files, or have a reason not to run', () => {
      expect(blocks.length).toBeGreaterThan(0);
      expect(blocks.filter(isUnexplained).map(({ line, language }) => `line ${line}: ${language}`)).toEqual([]);
    });

    for (const [index, block] of blocks.entries()) {
      if (displayLanguages.has(block.language)) continue;
      const { line, notRun, file, backgroundUntil } = block;
      const title = `line ${line}: ${block.code.split('\n')[0]}`;
      if (notRun !== undefined) {
        test.skip(`${title} (${notRun})`);
        continue;
      }
      const next = blocks[index + 1];
      test(title, { timeout: blockMs + 5_000 }, async () => {
        const code = project().adapt?.(block.code) ?? block.code;
        if (file !== undefined) return project().write(file, code);
        const adapted = { ...block, code };
        const script = writeScript(adapted, project());
        if (backgroundUntil === undefined) {
          return expectOutput(adapted, next?.language === 'text' ? next.code : undefined, script, project().folder);
        }
        await stopBackground();
        background = new Running(['sh', '-ec', script], { cwd: project().folder, env });
        await background.waitFor(new RegExp(escapePattern(backgroundUntil)));
      });
    }
  });
}

function isUnexplained({ language, notRun, file }: DocBlock): boolean {
  return (
    notRun === undefined && file === undefined && !runnableLanguages.has(language) && !displayLanguages.has(language)
  );
}

/** Returns the shell script that runs the block. */
function writeScript({ line, language, code }: DocBlock, { write }: DocProject): string {
  const extension = extensions[language];
  const name = fileName(line, extension ?? 'sh');
  if (extension !== undefined) write(name, code);
  return `if [ -f ${variablesFile} ]; then . ./${variablesFile}; fi\n${extension === undefined ? code : `node ${name}\n`}`;
}

async function expectOutput(block: DocBlock, expected: string | undefined, script: string, cwd: string): Promise<void> {
  // The next block must not use the mutant of this one.
  const command = `${script}unset ${activeMutantVariable}\nexport -p > ${variablesFile}\n`;
  const finished = await run(['sh', '-aec', command], { cwd, env, timeoutMs: blockMs });
  expect(finished, finished.output).toMatchObject({ code: 0 });
  if (block.language !== 'sh') {
    const lines = finished.stdout.split('\n').filter((text) => text !== '');
    expect(lines).toEqual(readPromisedLines(block.code));
  }
  if (expected !== undefined) expect(finished.stdout).toMatch(outputPattern(expected));
  if (block.prints !== undefined) expect(finished.output).toContain(block.prints);
}

/** Returns a pattern that matches the whole output. `…` matches any text, across lines. */
function outputPattern(expected: string): RegExp {
  const parts = expected.trimEnd().split('…');
  return new RegExp(`^${parts.map((part) => escapePattern(part)).join('[^]*')}\\s*$`);
}

/** Returns the TypeScript compiler's output for the blocks in some pages. It is empty if all types are correct. */
export async function typeErrors(pages: readonly string[], { folder, write }: DocProject): Promise<string> {
  const files = pages.flatMap((page) => {
    const blocks = readDocBlocks(page).filter(({ language, notRun }) => language === 'ts' && notRun === undefined);
    return blocks.map(({ line, code, file = fileName(line, 'ts') }) => {
      const path = join('types', basename(page, '.md'), file);
      write(path, code);
      return path;
    });
  });
  const options =
    '--noEmit --singleThreaded --allowImportingTsExtensions --strict --skipLibCheck --target es2022 --module nodenext --lib es2024,dom --types node'.split(
      ' ',
    );
  const typeRoots = ['--typeRoots', join(root, 'node_modules', '@types')];
  return (await run(['tsc', ...options, ...typeRoots, ...files], { cwd: folder, timeoutMs: blockMs })).output;
}

function fileName(line: number, extension: string): string {
  return `block-at-line-${line}.${extension}`;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
