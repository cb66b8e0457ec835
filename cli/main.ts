import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { loadCommand } from './load-command.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs the command line with these arguments, and returns the exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let asJson = false;
  const program = createProgram(terminal, async (command, { args: commandArgs, flags }) => {
    asJson = flags.json ?? false;
    await (await import('./check-values.ts')).checkValues(command, flags);
    const run = await loadCommand[command.name]();
    await run({
      args: commandArgs,
      flags,
      terminal,
      connect: async () => (await import('./connection/connect.ts')).connect(flags, terminal),
    });
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.success.code;
  } catch (error) {
    // Commander has printed its errors and the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success.code : exitCodes.usage.code;
    return (await import('./report-error.ts')).reportError(error, terminal, asJson);
  }
}
