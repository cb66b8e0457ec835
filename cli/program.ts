import { Argument, Command as Program } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { escapeControls } from './escape-controls.ts';
import { exitCodes } from './exit-codes.ts';
import { addFlags, readFlags } from './parse-flags.ts';
import type { Command, Invocation } from './table/command.ts';
import { commandGroups, commands, type NamedCommand } from './table/commands.ts';
import { connectionFlags, type FlagValues, getFlag, writeFlag } from './table/flags.ts';
import type { Terminal } from './terminal.ts';

/** Creates the program from the table of commands. `run` runs a command with the parsed arguments and flags. */
export function createProgram(
  terminal: Terminal,
  run: (command: NamedCommand, invocation: Pick<Invocation, 'args' | 'flags'>) => Promise<void>,
): Program {
  const program = new Program('kms-functions')
    .description('Seals files, encrypts, signs and manages keys with kms-functions.')
    .version(packageJson.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, writeErr) => writeErr(`kms-functions: ${escapeControls(toOneLine(text))}\n`),
    });
  addFlags(program, connectionFlags);
  for (const command of commands) addCommand(program, command, terminal, run);
  return program.addHelpText('after', describeProgram());
}

/** Joins Commander's message and its suggestion: `unknown command 'encrpt' (Did you mean encrypt?)`. */
function toOneLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replaceAll('\n', ' ');
}

function addCommand(
  program: Program,
  command: NamedCommand,
  terminal: Terminal,
  run: Parameters<typeof createProgram>[1],
) {
  const words = command.name.split(' ');
  const name = words.pop() ?? '';
  const parent = words.reduce(findOrAddGroup, program);
  const created = parent
    .command(name)
    .summary(command.summary)
    .description([command.summary, command.description].filter(Boolean).join(' '));
  for (const { name: argument, summary, isOptional, isRepeatable } of command.arguments ?? []) {
    const shown = `${argument}${isRepeatable ? '...' : ''}`;
    created.addArgument(new Argument(isOptional ? `[${shown}]` : `<${shown}>`, summary));
  }
  addFlags(created, command.flags ?? []);
  const required = (command.requiredFlags ?? []).map((flag) => `${writeFlag(flag)} <${getFlag(flag).value}>`);
  if (required.length > 0) created.usage([...required, created.usage()].join(' '));
  created.addHelpText('after', describeExamples(command));
  created.action(async () => {
    const flags: FlagValues = readFlags(created, command, terminal.env);
    await run(command, { args: created.args, flags });
  });
}

function findOrAddGroup(parent: Program, name: string): Program {
  const existing = parent.commands.find((each) => each.name() === name);
  if (existing !== undefined) return existing;
  const group = parent.command(name).description(commandGroups[name] ?? '');
  const { outputError } = group.configureOutput();
  return group.configureOutput({
    outputError: (text, write) => outputError?.(`${text.trim()}${listCommands(text, group)}`, write),
  });
}

/** Lists the commands of a group for a command that it does not have, and for which Commander suggests no other. */
function listCommands(text: string, group: Program): string {
  if (!text.includes('unknown command') || text.includes('Did you mean')) return '';
  return ` (commands: ${group.commands.map((command) => command.name()).join(', ')})`;
}

function describeExamples({ examples }: Command): string {
  return ['', 'Examples:', ...examples.flatMap(({ summary, line }) => [`  ${summary}`, `    ${line}`, ''])]
    .join('\n')
    .trimEnd();
}

function describeProgram(): string {
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(3)} ${meaning}`);
  return [
    '',
    'Examples:',
    '  Show the keys of the local stage, which `npm start` starts.',
    '    kms-functions keys list',
    '',
    '  Call a deployed stage with the credentials of an AWS profile.',
    '    kms-functions keys list --url https://abc123.execute-api.eu-west-1.amazonaws.com --profile dev',
    '',
    'Exit codes:',
    ...codes,
    '  128 and the number of the signal, if a signal ended the command: 130 for Ctrl-C.',
  ].join('\n');
}
