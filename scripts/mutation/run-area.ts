import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Area, areas } from './areas.ts';
import { copyTree, root } from './copied-tree.ts';
import { type Equivalent, findEquivalents } from './equivalents.ts';
import { instrument } from './instrument.ts';
import { formatScore, type MutantResult, printResult, scoreResults } from './mutant-result.ts';
import { MutantTests } from './test-mutants.ts';
import { startVitest } from './vitest-session.ts';

const equivalents = readEntries('equivalents.json');
/** The mutants that no test in the area notices, although they are not equivalent. They count as survivors. */
const survivors = readEntries('survivors.json');

/** Returns the areas that contain the paths, each with only these paths, or all areas if there are no paths. */
export function selectAreas(paths: readonly string[]): readonly Area[] {
  if (paths.length === 0) return areas;
  const selected = areas.flatMap((area) => {
    const code = paths.filter((path) => area.code.some((own) => path === own || path.startsWith(`${own}/`)));
    const isWhole = paths.includes(area.name) || area.code.every((own) => code.includes(own));
    if (isWhole) return [area];
    return code.length === 0 ? [] : [{ ...area, code }];
  });
  if (selected.length === 0)
    throw new Error(`No area contains ${paths.join(' ')}. The areas are ${areas.map(({ name }) => name).join(', ')}.`);
  return selected;
}

/** Tests all mutants in an area. Returns the results, and whether the area reaches its threshold. */
export async function runArea(
  { name, code, tests, threshold }: Area,
  ownWorkers: number,
): Promise<{ results: readonly MutantResult[]; hasPassed: boolean }> {
  const startedMs = performance.now();
  const directory = copyTree();
  const files = code.flatMap(listFiles).sort();
  const mutants = await instrument(directory, files);
  const { reasons, stale } = findEquivalents(mutants, equivalents, files);
  const known = findEquivalents(mutants, survivors, files);
  const session = await startVitest(directory);
  try {
    const testFiles = [...new Set((await Promise.all(tests.map((filter) => session.findTestFiles([filter])))).flat())];
    const run = await new MutantTests(session, directory, ownWorkers).run(
      mutants.filter((mutant) => !reasons.has(mutant)),
      testFiles,
      console.error,
    );
    const results = [
      ...run,
      ...[...reasons].map(([mutant, reason]) => ({ ...mutant, status: 'survived', reason }) as const),
    ];
    for (const result of run) printResult(result);
    for (const [{ id, file, line }, reason] of known.reasons) {
      const isLeft = results.some((result) => 'id' in result && result.id === id && result.status === 'survived');
      console.log(`${isLeft ? 'known survivor' : 'NO LONGER A SURVIVOR'} ${file}:${line}: ${reason}`);
    }
    const staleEntries = [...stale, ...known.stale];
    for (const entry of staleEntries)
      console.log(`STALE entry in ${entry.file}: ${entry.line}: ${entry.original} → ${entry.replacement}`);
    const score = scoreResults(results);
    console.log(
      `${formatScore(name, score)}, threshold ${threshold} %, ${Math.round((performance.now() - startedMs) / 1000)} s`,
    );
    return { results, hasPassed: score.percent >= threshold && staleEntries.length === 0 };
  } finally {
    await session.close();
  }
}

function readEntries(name: string): readonly Equivalent[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
}

function listFiles(path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return globSync('**/*.ts', { cwd: join(root, path) }).map((file) => `${path}/${file}`);
}
