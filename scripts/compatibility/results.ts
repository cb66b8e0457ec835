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

/** The forms of the emulator that the clients called: the emulator in this repository, or the single-file executable. */
export type EmulatorForm = 'package' | 'executable';

const files: Readonly<Record<EmulatorForm, string>> = {
  package: join(import.meta.dirname, 'results.json'),
  executable: join(import.meta.dirname, 'executable-results.json'),
};

export function readClientResults(form: EmulatorForm = 'package'): ClientResult[] {
  return JSON.parse(readFileSync(files[form], 'utf8')) as ClientResult[];
}

/** Replaces the result of one client and keeps the others, in the order of `names`. */
export function saveClientResult(form: EmulatorForm, result: ClientResult, names: readonly string[]): void {
  const results = [...readClientResults(form).filter(({ name }) => name !== result.name), result]
    .filter(({ name }) => names.includes(name))
    .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  writeFileSync(files[form], `${JSON.stringify(results, undefined, 2)}\n`);
}
