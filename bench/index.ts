/**
 * Runs all benchmarks, only one with `--only NAME`, or all load benchmarks with `--only load`. Prints a table for each
 * benchmark, and saves the figures in `results.json`. With `--quick`, runs each benchmark briefly and does not save its
 * figures. With `--before COMMIT`, the load benchmarks compare an earlier version with this one.
 */
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { suggestName } from '../shared/errors/closest-name.ts';
import { batches } from './batches.ts';
import { type Benchmark, effort } from './benchmark.ts';
import { coldStart } from './cold-start.ts';
import { emulator } from './emulator.ts';
import { emulatorStart } from './emulator-start.ts';
import { envelope } from './envelope.ts';
import { growth } from './growth.ts';
import { handlerGrowth } from './handler-growth.ts';
import { loadCreation } from './load/load-creation.ts';
import { loadFaults } from './load/load-faults.ts';
import { loadQuota } from './load/load-quota.ts';
import { loadSimulation } from './load/load-simulation.ts';
import { describeMachine } from './machine.ts';
import { ownFunctions } from './own-functions.ts';
import { saveResult } from './results.ts';
import { tooling } from './tooling.ts';
import { warm } from './warm.ts';

const loadBenchmarks: readonly Benchmark[] = [loadQuota, loadFaults, loadCreation, loadSimulation];
const benchmarks: readonly Benchmark[] = [
  ...[coldStart, warm, handlerGrowth, tooling, emulator, emulatorStart, growth, envelope, batches, ownFunctions],
  ...loadBenchmarks,
];
const names = benchmarks.map(({ name }) => name);

const program = new Command('npm run bench --')
  .version(packageJson.version)
  .description('Runs benchmarks, prints a table for each, and saves the figures in bench/results.json.')
  .option('--only <name>', `run only one benchmark, or all load benchmarks with "load": ${names.join(', ')}`)
  .option('--quick', 'run each benchmark briefly, and do not save the figures', false)
  .option('--before <commit>', 'also run the load benchmarks with an earlier version of this repository')
  .parse();
const { only, quick, before } = program.opts<{ only?: string; quick: boolean; before?: string }>();
const selected =
  only === 'load' ? loadBenchmarks : benchmarks.filter(({ name }) => only === undefined || name === only);
if (selected.length === 0) {
  console.error(
    `The benchmark ${only} does not exist. Choose one of ${names.join(', ')}.${suggestName(only ?? '', names)}`,
  );
  process.exitCode = 1;
}

for (const { name, question, run } of selected) {
  const measuredOn = { date: new Date().toISOString(), ...describeMachine() };
  console.log(`\n${name}: ${question}`);
  const { rows, notes = [] } = await run(effort(quick, before));
  console.table(rows);
  for (const note of notes) console.log(note);
  if (!quick) saveResult(name, { question, measuredOn, rows, notes }, names);
}
