import { UsageError } from '../exit-codes.ts';
import { checkOutputFile } from '../files/write-file.ts';
import type { Invocation } from '../table/command.ts';

/** Checks an output before any work. Facts in JSON would mix with data on standard output. */
export async function checkTarget(target: string, { flags, terminal }: Invocation, isBinary = true): Promise<void> {
  if (target !== '-') return checkOutputFile(target, flags.force ?? false);
  if (flags.json) throw new UsageError('Standard output cannot contain both the result and JSON. Add --out <file>.');
  if (isBinary && terminal.stdout.isTTY) {
    throw new UsageError('The result is binary, which a terminal cannot show. Add --out <file>.');
  }
}
