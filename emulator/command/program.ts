import { Command, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { findClosestName } from '../../shared/errors/closest-name.ts';
import {
  type Emulator,
  ListenError,
  type LogFormat,
  OptionError,
  SeedError,
  StoreError,
  startEmulator,
} from '../index.ts';
import { addEmulatorFlags, describeLocalKmsSeed, type EmulatorFlags, readEmulatorFlags } from './emulator-flags.ts';
import { isHealthy } from './is-healthy.ts';
import { addNetworkFlags, describeTls, type NetworkFlags, readNetworkFlags } from './network-flags.ts';
import { parsePort } from './parse-values.ts';
import { runCommand } from './run-command.ts';

interface ServerFlags extends EmulatorFlags, NetworkFlags {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly inMemory?: true;
  readonly log: LogFormat;
}

/** Creates the command `kms-emulator`. It ends the process after an error. */
export function createProgram(): Command {
  const program = new Command('kms-emulator')
    .description('Runs an AWS KMS emulator on this machine, without an AWS account or network access.')
    .version(packageJson.version)
    .enablePositionalOptions()
    .allowExcessArguments()
    .option('--port <number>', 'TCP port, or 0 to select a free port', parsePort, 4599)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <directory>', 'directory in which to store the keys', '.kms')
    .addOption(new Option('--in-memory', 'store nothing on disk').conflicts('data'))
    .addOption(
      new Option('--log <format>', 'print a line for each request').choices(['json', 'text', 'off']).default('text'),
    )
    .action((flags: ServerFlags) => serve(program, flags));
  addNetworkFlags(addEmulatorFlags(program));

  addEmulatorFlags(program.command('exec'))
    .description('Starts an emulator in memory, runs a command that uses it, and returns the exit code of the command.')
    .usage('[options] -- <command...>')
    .argument('<command...>', 'the command and its arguments')
    .passThroughOptions()
    .action((command: readonly string[], flags: EmulatorFlags) => execute(program, command, flags));

  program
    .command('health')
    .description('Checks an emulator on this machine. The exit code is 0 if the emulator is ready, and 1 if it is not.')
    .option('--port <number>', 'TCP port of the emulator', parsePort, 4599)
    .action(async ({ port }: { readonly port: number }) => {
      process.exitCode = (await isHealthy(port)) ? 0 : 1;
    });
  return program;
}

async function serve(program: Command, flags: ServerFlags): Promise<void> {
  const [operand] = program.args;
  if (operand !== undefined) rejectOperand(program, operand);
  const { port, host, data, inMemory, log } = flags;
  await reportFailures(program, async () => {
    const options = { ...(await readEmulatorFlags(flags)), ...readNetworkFlags(flags) };
    // Not a flag, because other users of the machine can read the arguments of a process.
    const { KMS_EMULATOR_CONTROL_TOKEN: controlToken } = process.env;
    const emulator = await startEmulator({
      ...options,
      port,
      host,
      log,
      ...(inMemory ? {} : { directory: data }),
      ...(controlToken && { controlToken }),
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void shutDown(emulator));
    const notices = [
      ...describeLocalKmsSeed(options.seed),
      ...describeTls(emulator),
      `KMS emulator: ${emulator.endpoint} (${inMemory ? 'in memory' : data})`,
    ];
    // With `--log json`, every line is JSON.
    const format = (notice: string) => (log === 'json' ? JSON.stringify({ message: notice }) : notice);
    process.stdout.write(notices.map((notice) => `${format(notice)}\n`).join(''));
  });
}

async function execute(program: Command, command: readonly string[], flags: EmulatorFlags): Promise<void> {
  await reportFailures(program, async () => {
    const emulator = await startEmulator(await readEmulatorFlags(flags));
    process.exitCode = await runCommand(command, emulator.endpoint);
    await emulator.close();
  });
}

function rejectOperand(program: Command, operand: string): never {
  const closest = findClosestName(operand, ['exec', 'health', 'help']);
  const hint =
    closest === undefined ? 'To run a command, use `kms-emulator exec -- COMMAND`.' : `Did you mean ${closest}?`;
  return program.error(`error: unknown command '${operand}'\n(${hint})`);
}

const userErrors = [StoreError, SeedError, ListenError, OptionError];

/** Prints the errors that the user can correct as one line. */
async function reportFailures(program: Command, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!userErrors.some((type) => error instanceof type)) throw error;
    program.error(`kms-emulator: ${(error as Error).message}`);
  }
}

/**
 * The delay before the process exits. npm forwards signals that the terminal has already sent to this process. Without
 * the delay, the second signal would kill the process during shutdown.
 */
const secondSignalMs = 250;

async function shutDown(emulator: Emulator): Promise<void> {
  await emulator.close();
  setTimeout(() => {}, secondSignalMs);
}
