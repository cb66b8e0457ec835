/** `npm run bench`, or `npm run bench -- --only NAME,NAME`: prints each result and keeps it in bench/results.json. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Row } from './bench.ts';
import * as coldStart from './cold-start.ts';
import * as handlerGrowth from './handler-growth.ts';
import * as tooling from './tooling.ts';
import * as warm from './warm.ts';

const benches: readonly Bench[] = [coldStart, warm, handlerGrowth, tooling];

/** One bench's result, as bench/results.json keeps it. */
export interface Result {
  readonly question: string;
  readonly measured: string;
  readonly machine: string;
  readonly rows: readonly Row[];
}

const file = join(import.meta.dirname, 'results.json');
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = values.only?.split(',');
const unknown = only?.filter((name) => !benches.some((bench) => bench.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(`no bench of the name ${unknown}; there are: ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}

for (const { name, question, measure } of benches) {
  if (only !== undefined && !only.includes(name)) continue;
  console.log(`\n${name}: ${question}`);
  const rows = await measure();
  console.table(rows);
  const results = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Result>) : {};
  results[name] = { question, measured: new Date().toISOString().slice(0, 10), machine: machine(), rows };
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
}

function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model}, ${process.platform} ${process.arch}, Node ${process.version}`;
}
