import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree } from './copied-tree.ts';
import { type MutantResult, printResult } from './mutant-result.ts';
import { findTests, type PickedMutant, readPickedMutants } from './picked-mutants.ts';
import { runVitest } from './run-vitest.ts';

/** A timeout must not be the result of load, so it is much longer than the tests need without a mutant. */
const timeoutFactor = 10;
const minTimeoutMs = 120_000;

/** Runs the tests of each picked mutant, which is written to a copy of the tree. */
export async function runPicked(list: string): Promise<readonly MutantResult[]> {
  const directory = copyTree();
  const mutants = readPickedMutants(list, directory);
  const timeouts = await checkUnchangedTree(mutants, directory);
  const results: MutantResult[] = [];
  for (const mutant of mutants) {
    const result = await runMutant(mutant, directory, timeouts);
    printResult(result);
    results.push(result);
  }
  return results;
}

/** Runs each set of tests once without a mutant, because a test that fails anyway would kill every mutant. */
async function checkUnchangedTree(
  mutants: readonly PickedMutant[],
  directory: string,
): Promise<ReadonlyMap<string, number>> {
  const timeouts = new Map<string, number>();
  for (const mutant of mutants) {
    const tests = findTests(mutant, directory);
    const key = tests.join(' ');
    if (timeouts.has(key)) continue;
    const { outcome, firstFailure, ms } = await runVitest(directory, tests, 1_800_000);
    if (outcome !== 'passed') throw new Error(`Without a mutant, ${key} does not pass: ${firstFailure ?? outcome}`);
    timeouts.set(key, Math.max(minTimeoutMs, ms * timeoutFactor));
  }
  return timeouts;
}

async function runMutant(
  mutant: PickedMutant,
  directory: string,
  timeouts: ReadonlyMap<string, number>,
): Promise<MutantResult> {
  const { file, find, replace, equivalent } = mutant;
  const tests = findTests(mutant, directory);
  const path = join(directory, file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, original.split(find).join(replace));
  const run = await runVitest(directory, tests, timeouts.get(tests.join(' ')) ?? minTimeoutMs);
  writeFileSync(path, original);
  const status = run.outcome === 'passed' ? 'survived' : run.outcome === 'failed' ? 'killed' : 'timeout';
  return {
    file,
    line: original.slice(0, original.indexOf(find)).split('\n').length,
    original: find,
    replacement: replace,
    mutator: 'picked',
    status,
    reason: equivalent,
    killedBy: run.firstFailure,
  };
}
