import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, root } from './copied-tree.ts';
import { type MutantResult, printResult } from './mutant-result.ts';
import { findTests, listTestFiles, type PickedMutant, readPickedMutants } from './picked-mutants.ts';
import { countWorkers, startTestWorkers } from './test-workers.ts';

/** A timeout must not be the result of load, so it is much longer than the tests need without a mutant. */
const timeoutFactor = 10;
const minTimeoutMs = 120_000;
const maxBaselineMs = 1_800_000;

interface TestFile {
  readonly path: string;
  ms: number;
  /** The number of mutants that the file noticed, per source file. */
  readonly kills: Map<string, number>;
}

/** Runs the tests of each picked mutant, which is written to a copy of the tree. */
export async function runPicked(list: string): Promise<readonly MutantResult[]> {
  const mutants = readPickedMutants(list, root);
  const testsByMutant = new Map(mutants.map((mutant) => [mutant, listTestFiles(findTests(mutant, root))]));
  const files = new Map<string, TestFile>();
  for (const path of new Set([...testsByMutant.values()].flat())) files.set(path, { path, ms: 0, kills: new Map() });
  const workers = startTestWorkers(Array.from({ length: countWorkers() }, copyTree));
  const results = new Map<PickedMutant, MutantResult>();
  try {
    // A test that fails anyway would kill every mutant.
    await workers.forEach([...files.values()], async (file, run) => {
      const { status, ms, firstFailure } = await run({ files: [{ path: file.path, silenceMs: maxBaselineMs }] });
      if (status !== 'passed')
        throw new Error(`Without a mutant, ${file.path} does not pass: ${firstFailure ?? status}`);
      file.ms = ms;
    });
    await workers.forEach(mutants, async (mutant, run) => {
      const { file, find, replace } = mutant;
      const own = (testsByMutant.get(mutant) ?? []).map((path) => files.get(path) as TestFile);
      const outcome = await run({ change: { file, find, replace }, files: sortFastest(own, file).map(limitTime) });
      const kills = outcome.file === undefined ? undefined : files.get(outcome.file)?.kills;
      kills?.set(file, (kills.get(file) ?? 0) + 1);
      const status = outcome.status === 'passed' ? 'survived' : outcome.status === 'failed' ? 'killed' : 'timeout';
      const result = toResult(mutant, status, outcome.firstFailure);
      results.set(mutant, result);
      printResult(result);
    });
  } finally {
    workers.close();
  }
  return mutants.flatMap((mutant) => results.get(mutant) ?? []);
}

/** Sorts the test files that noticed many mutants of the source file first, and then the fast files. */
function sortFastest(files: readonly TestFile[], source: string): readonly TestFile[] {
  const kills = (file: TestFile) => file.kills.get(source) ?? 0;
  return files.toSorted((a, b) => kills(b) - kills(a) || a.ms - b.ms);
}

function limitTime({ path, ms }: TestFile): { path: string; silenceMs: number } {
  return { path, silenceMs: Math.max(minTimeoutMs, ms * timeoutFactor) };
}

function toResult(mutant: PickedMutant, status: MutantResult['status'], killedBy: string | undefined): MutantResult {
  const { file, find, replace, equivalent } = mutant;
  const content = readFileSync(join(root, file), 'utf8');
  return {
    file,
    line: content.slice(0, content.indexOf(find)).split('\n').length,
    original: find,
    replacement: replace,
    mutator: 'picked',
    status,
    reason: equivalent,
    killedBy,
  };
}
