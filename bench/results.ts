import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './benchmark.ts';

/** The figures from a benchmark's last full run. */
export interface Result {
  readonly question: string;
  readonly measuredOn: Row;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export type Results = Readonly<Record<string, Result | undefined>>;

const file = join(import.meta.dirname, 'results.json');

export function readResults(): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}

/** Replaces one benchmark's result and keeps the other results. Sorts the results in the order of `names`. */
export function saveResult(name: string, result: Result, names: readonly string[]): void {
  const known = readResults();
  const results = names.map((other) => [other, other === name ? result : known[other]]);
  writeFileSync(file, formatResults(Object.fromEntries(results)));
}

/** Formats results as JSON, with each row on one line. */
export function formatResults(results: Results): string {
  const text = JSON.stringify(results, undefined, 2);
  const rowsOnLines = text.replaceAll(/^ {6}\{\n([^{}]*)\n {6}\}/gm, (_, members: string) => {
    return `      { ${members.trim().replaceAll(/\n\s*/g, ' ')} }`;
  });
  return `${rowsOnLines}\n`;
}
