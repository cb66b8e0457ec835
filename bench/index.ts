/**
 * Runs the benches, all or `--only NAME`, prints a table for each and keeps the figures in `results.json`. With `--quick` they run for
 * a moment each, and nothing is kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, effortOf } from './bench.ts';
import { coldStartBench } from './cold-start.ts';
import { emulatorBench } from './emulator.ts';
import { emulatorStartBench } from './emulator-start.ts';
import { growthBench } from './growth.ts';
import { handlerGrowthBench } from './handler-growth.ts';
import { machine } from './machine.ts';
import { toolingBench } from './tooling.ts';
import { warmBench } from './warm.ts';

const benches: readonly Bench[] = [
  coldStartBench,
  warmBench,
  handlerGrowthBench,
  toolingBench,
  emulatorBench,
  emulatorStartBench,
  growthBench,
];
const resultsFile = join(import.meta.dirname, 'results.json');

const { only, quick } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean' } } }).values;
const chosen = benches.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`there is no bench ${only}; there are ${benches.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}

for (const { name, question, run } of chosen) {
  const measuredOn = { date: new Date().toISOString(), ...machine() };
  console.log(`\n${name}: ${question}`);
  const { rows, notes = [] } = await run(effortOf(quick === true));
  console.table(rows);
  for (const note of notes) console.log(note);
  if (!quick) keep(name, { question, measuredOn, rows, notes });
}

/** In the place of the bench's last figures; those of others stay. */
function keep(name: string, figures: object): void {
  const known = readResults();
  const results = benches.map((bench) => [bench.name, bench.name === name ? figures : known[bench.name]]);
  writeFileSync(resultsFile, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
}

function readResults(): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
