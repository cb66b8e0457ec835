import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The result of a client's last run. */
export interface ClientResult {
  readonly name: string;
  readonly version: string;
  readonly date: string;
  readonly passed: readonly string[];
  readonly failure?: string;
}

const file = join(import.meta.dirname, 'results.json');

export function readClientResults(): ClientResult[] {
  return JSON.parse(readFileSync(file, 'utf8')) as ClientResult[];
}

/** Replaces the result of one client and keeps the others, in the order of `names`. */
export function saveClientResult(result: ClientResult, names: readonly string[]): void {
  const results = [...readClientResults().filter(({ name }) => name !== result.name), result]
    .filter(({ name }) => names.includes(name))
    .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
}
