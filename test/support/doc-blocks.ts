import { readFileSync } from 'node:fs';

/**
 * A fenced code block in a documentation page. HTML comments directly above a block can describe it:
 *
 *     <!-- not run: REASON -->           the block is not run
 *     <!-- file: test/setup.ts -->       the block is this file in the project
 *     <!-- prints: TEXT -->              the block's output contains this text
 *     <!-- background until: TEXT -->    the block keeps running; the next block starts when its output contains this text.
 *                                        The next background block on the page stops it
 */
export interface DocBlock {
  /** The line number of the code's first line, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly notRun: string | undefined;
  readonly file: string | undefined;
  readonly prints: string | undefined;
  readonly backgroundUntil: string | undefined;
}

/** The languages of blocks that contain output or data instead of code. */
export const displayLanguages: ReadonlySet<string> = new Set(['text', 'mermaid']);

const fence = /^((?:<!-- [^\n]* -->\n)*)```(\w*)\n(.*?)^```$/gms;
const annotation = /^<!-- (not run|file|prints|background until): (.+) -->$/;

/** Returns all fenced blocks in a page. Throws if a block cannot be read or the comment above it is unknown. */
export function readDocBlocks(page: string): DocBlock[] {
  const text = readFileSync(page, 'utf8');
  const blocks = [...text.matchAll(fence)].map(({ index, 1: comments = '', 2: language = '', 3: code = '' }) => {
    const line = text.slice(0, index + comments.length).split('\n').length + 1;
    const annotations = readAnnotations(comments, `${page}, line ${line}`);
    return {
      line,
      language,
      code,
      notRun: annotations.get('not run'),
      file: annotations.get('file'),
      prints: annotations.get('prints'),
      backgroundUntil: annotations.get('background until'),
    };
  });
  const fenceLines = text.match(/^ *```/gm)?.length ?? 0;
  if (fenceLines !== blocks.length * 2) {
    throw new Error(`${page} has ${fenceLines} fence lines, but only ${blocks.length} blocks could be read`);
  }
  return blocks;
}

function readAnnotations(comments: string, location: string): Map<string, string> {
  const annotations = new Map<string, string>();
  for (const comment of comments.split('\n').filter((line) => line !== '')) {
    const [, kind, value] = annotation.exec(comment) ?? [];
    if (kind === undefined || value === undefined) throw new Error(`${location}: unknown comment ${comment}`);
    annotations.set(kind, value);
  }
  return annotations;
}

/** Returns the expected output from the comments after `console.log` calls, line by line. */
export function readPromisedLines(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\);? \/\/ (.*)$/gm)].map(([, text = '']) => text);
}
