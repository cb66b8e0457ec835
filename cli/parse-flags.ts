import { InvalidArgumentError, Option, type Command as Program } from 'commander';
import { UsageError } from './exit-codes.ts';
import type { Command } from './table/command.ts';
import { connectionFlags, type FlagName, type FlagValues, getFlag, writeFlag } from './table/flags.ts';
import type { Terminal } from './terminal.ts';

/** Adds flags of the table to a command. */
export function addFlags(program: Program, names: readonly FlagName[]): void {
  for (const name of names) {
    const { value, summary, choices, type, variable, negatable } = getFlag(name);
    const written = writeFlag(name);
    const text = variable === undefined ? summary : `${summary} (env: ${variable})`;
    const option = new Option(value === undefined ? written : `${written} <${value}>`, text);
    if (choices !== undefined) option.choices(choices);
    if (type === 'number') option.argParser(parseNumber);
    if (type === 'list') option.argParser((item, previous: readonly string[] = []) => [...previous, item]);
    if (type === 'pairs') option.argParser(addPair);
    program.addOption(option);
    if (negatable) program.addOption(new Option(`--no-${written.slice(2)}`, `do not ${summary.split(' (')[0]}`));
  }
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(number > 0)) {
    throw new InvalidArgumentError('It must be a number greater than 0.');
  }
  return number;
}

function addPair(text: string, previous: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const separator = text.indexOf('=');
  if (separator < 1) throw new InvalidArgumentError('It must have the form name=value.');
  const name = text.slice(0, separator);
  if (Object.hasOwn(previous, name)) throw new InvalidArgumentError(`There are two values for ${name}.`);
  // Object.fromEntries also accepts the name `__proto__`.
  return Object.fromEntries([...Object.entries(previous), [name, text.slice(separator + 1)]]);
}

/** Reads the flags of an invocation. Adds the values of variables, except for the flags that select the connection. */
export function readFlags(program: Program, command: Command, env: Terminal['env']): FlagValues {
  const options = program.optsWithGlobals<Record<string, unknown>>();
  const names = [...connectionFlags, ...(command.flags ?? [])];
  const values: FlagValues = Object.fromEntries(
    names.flatMap((name) => {
      const attribute = new Option(writeFlag(name)).attributeName();
      const { variable } = getFlag(name);
      const isConnection = connectionFlags.some((each) => each === name);
      const value = options[attribute] ?? (variable === undefined || isConnection ? undefined : env[variable]);
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  for (const name of command.requiredFlags ?? []) {
    if (values[name] === undefined) throw new UsageError(describeMissing(name));
  }
  return values;
}

function describeMissing(name: FlagName): string {
  const { value, variable } = getFlag(name);
  const alternative = variable === undefined ? '' : `, or set ${variable}`;
  return `The flag ${writeFlag(name)} is missing. Add ${writeFlag(name)} <${value}>${alternative}.`;
}
