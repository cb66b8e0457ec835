import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inject } from 'vitest';

/** Calls `make` once per run with a new folder of this name. Every test file gets the result, converted to JSON. */
export async function once<T>(name: string, make: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(inject('sharedFolder'), name);
  const outcome = `${folder}.outcome`;
  if (isFirst(folder)) {
    // The error is stored, so that the tests in the other files fail too.
    const made = await make(folder).then(
      (value) => ({ value }),
      (error) => ({ error: String(error) }),
    );
    // Renaming prevents another process from reading a partly written file.
    writeFileSync(`${outcome}.new`, JSON.stringify(made));
    renameSync(`${outcome}.new`, outcome);
  }
  while (!existsSync(outcome)) await setTimeout(50);
  const { value, error } = JSON.parse(readFileSync(outcome, 'utf8')) as { value: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
