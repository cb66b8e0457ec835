import { commandGroups, commands } from '../table/commands.ts';
import { connectionFlags, type FlagName, getFlag, writeFlag } from '../table/flags.ts';
import { type ValueSource, valueSources } from '../table/value-sources.ts';

/** A command, flag or value, with the description that some shells show. */
export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

/** What follows a command or a flag: file names, these words, or text that a shell cannot complete. */
export type Values = 'files' | 'text' | readonly string[];

export interface CompletableFlag extends Candidate {
  /** Absent for a flag without a value. */
  readonly values?: Values;
}

/** What a shell completes after a command: after `keys`, after `keys list`, or after no command yet. */
export interface Completable {
  /** The words of the command, such as `keys list`. Empty for the program. */
  readonly command: string;
  readonly subcommands: readonly Candidate[];
  readonly flags: readonly CompletableFlag[];
  /** The values of the arguments, in order. */
  readonly args: readonly Values[];
}

/** Builds the table from which the scripts of all shells are generated. */
export async function buildCompletionTable(): Promise<readonly Completable[]> {
  const shared = await Promise.all([...connectionFlags.map(toFlags)]);
  const help = { word: '--help', summary: 'show the help' };
  const groups = ['', ...Object.keys(commandGroups)].map((group) => ({
    command: group,
    subcommands: listSubcommands(group),
    flags: [...shared.flat(), help, ...(group === '' ? [{ word: '--version', summary: 'show the version' }] : [])],
    args: [],
  }));
  const leaves = commands.map(async ({ name, flags = [], arguments: args = [] }) => ({
    command: name,
    subcommands: [],
    flags: [...(await Promise.all(flags.map(toFlags))).flat(), ...shared.flat(), help],
    args: await Promise.all(args.map(({ completes }) => loadValues(completes))),
  }));
  return [...groups, ...(await Promise.all(leaves))];
}

function listSubcommands(group: string): Candidate[] {
  const prefix = group === '' ? '' : `${group} `;
  const inGroup = commands.filter(({ name }) => name.startsWith(prefix));
  const direct = inGroup.map(({ name, summary }) => ({ word: name.slice(prefix.length), summary }));
  if (group !== '') return direct;
  const groups = Object.entries(commandGroups).map(([word, summary]) => ({ word, summary }));
  return [...direct.filter(({ word }) => !word.includes(' ')), ...groups];
}

async function toFlags(name: FlagName): Promise<CompletableFlag[]> {
  const { value, summary, choices, completes, negatable } = getFlag(name);
  const word = writeFlag(name);
  if (value !== undefined) return [{ word, summary, values: choices ?? (await loadValues(completes)) }];
  const flag = { word, summary };
  return negatable ? [flag, { word: `--no-${word.slice(2)}`, summary: `do not ${summary}` }] : [flag];
}

async function loadValues(source: ValueSource | undefined): Promise<Values> {
  if (source === undefined) return 'text';
  return source === 'files' ? 'files' : valueSources[source]();
}
