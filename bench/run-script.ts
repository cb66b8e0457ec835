import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/** Runs a script of this folder in a fresh process, and returns the figures that it writes to standard error as JSON. */
export async function runScript<Figures>(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Figures> {
  const { stderr } = await runFile(process.execPath, [join(import.meta.dirname, script), ...args], { env });
  return JSON.parse(stderr) as Figures;
}
