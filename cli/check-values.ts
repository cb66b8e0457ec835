import { suggestName } from '../shared/errors/closest-name.ts';
import { UsageError } from './exit-codes.ts';
import type { Command } from './table/command.ts';
import { type FlagValues, getFlag, writeFlag } from './table/flags.ts';
import { valueSources } from './table/value-sources.ts';

/** Checks the flags whose values are in the declarations, such as `--spec`, before the service is called. */
export async function checkValues({ flags: names = [] }: Command, flags: FlagValues): Promise<void> {
  for (const name of names) {
    const { completes } = getFlag(name);
    const value = flags[name];
    if (completes === undefined || completes === 'files' || typeof value !== 'string') continue;
    const known: readonly string[] = await valueSources[completes]();
    if (known.includes(value)) continue;
    const suggestion = suggestName(value, known) || ` The values are ${known.join(', ')}.`;
    throw new UsageError(`${writeFlag(name)} has no value ${value}.${suggestion}`);
  }
}
