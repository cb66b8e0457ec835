/**
 * Prints a list of random mutants for `npm run mutation -- --picked`. The same seed and code give the same list.
 * `node scripts/mutation/draw-mutants.ts --seed 17 --count 150 emulator/crypto > list.json`
 */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import type { PickedMutant } from './picked-mutants.ts';

interface Change {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replace: string;
}

interface Path {
  readonly node: { readonly type: string; readonly start: number; readonly end: number; readonly value?: unknown };
  readonly parentPath: Path | null;
  skip(): void;
}

const entry = import.meta.resolve('@stryker-mutator/instrumenter');
const requireFromStryker = createRequire(entry);
const removable = new Set(['ExpressionStatement', 'IfStatement', 'ThrowStatement', 'ContinueStatement']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '150' } },
});
const files = new Map(
  positionals
    .flatMap((path) => (path.endsWith('.ts') ? [path] : globSync(`${path}/**/*.ts`)))
    .toSorted()
    .map((file) => [file, readFileSync(file, 'utf8')]),
);
const changes = sortChanges([...(await listStrykerChanges()), ...[...files].flatMap(listOtherChanges)]);
const drawn = draw(changes, Number(values.count), createRandom(Number(values.seed)));
console.log(JSON.stringify(sortChanges(drawn).map(toPickedMutant), undefined, 2));

/** Lists the changes of Stryker's mutators (https://stryker-mutator.io/docs/mutation-testing-elements/supported-mutators/). */
async function listStrykerChanges(): Promise<Change[]> {
  const load = (file: string) => import(new URL(file, entry).href);
  const [{ Instrumenter }, { createParser }, { print }, { transform }] = await Promise.all([
    import('@stryker-mutator/instrumenter'),
    load('parsers/index.js'),
    load('printers/index.js'),
    load('transformers/index.js'),
  ]);
  const logger = new Proxy({}, { get: () => () => false });
  const instrumenter = new Instrumenter(logger as never, createParser, print, transform);
  const sources = [...files].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };
  const { mutants } = await instrumenter.instrument(sources, options);
  return mutants.map(({ fileName, location: { start, end }, replacement = '' }) => {
    const lines = (files.get(fileName) ?? '').split('\n');
    const toOffset = ({ line, column }: { line: number; column: number }) =>
      lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, column);
    return { file: fileName, start: toOffset(start), end: toOffset(end), replace: replacement };
  });
}

/** Lists the changes that Stryker does not make: statements that are removed, and numbers that differ by one. */
function listOtherChanges([file, content]: readonly [string, string]): Change[] {
  const { parse } = requireFromStryker('@babel/parser');
  const { traverse } = requireFromStryker('@babel/core');
  const found: Change[] = [];
  const add = ({ node: { start, end } }: Path, replace: string) => found.push({ file, start, end, replace });
  traverse(parse(content, { sourceType: 'module', plugins: ['typescript'] }), {
    TSType: (path: Path) => path.skip(),
    NumericLiteral: (path: Path) => {
      const value = Number(path.node.value);
      add(path, String(value + 1));
      add(path, value === 0 ? '(-1)' : String(value - 1));
    },
    Statement: (path: Path) => {
      if (removable.has(path.node.type)) add(path, ';');
    },
  });
  return found;
}

function sortChanges(list: readonly Change[]): Change[] {
  const keys = new Map(
    list.map((change) => [`${change.file} ${change.start} ${change.end} ${change.replace}`, change]),
  );
  return [...keys.values()].toSorted(
    (a, b) => compareText(a.file, b.file) || a.start - b.start || a.end - b.end || compareText(a.replace, b.replace),
  );
}

/** Compares code units, so that the order does not depend on the locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Draws without replacement. */
function draw(list: readonly Change[], count: number, random: () => number): Change[] {
  const left = [...list];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

/** Returns a generator of numbers from 0 to 1: mulberry32, which is sufficient for drawing. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Adds as much code around a change as is necessary to find it exactly once in the file. */
function toPickedMutant({ file, start, end, replace }: Change): PickedMutant {
  const content = files.get(file) ?? '';
  let [from, to] = [start, end];
  while (content.split(content.slice(from, to)).length !== 2) {
    from = Math.max(0, from - 1);
    to = Math.min(content.length, to + 1);
  }
  return {
    file,
    find: content.slice(from, to),
    replace: content.slice(from, start) + replace + content.slice(end, to),
  };
}
