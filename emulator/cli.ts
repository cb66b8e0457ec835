import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { findClosestName } from '../shared/errors/closest-name.ts';
import {
  addEmulatorFlags,
  describeLocalKmsSeed,
  type EmulatorFlags,
  readEmulatorFlags,
} from './command/emulator-flags.ts';
import { isHealthy } from './command/is-healthy.ts';
import { addNetworkFlags, describeTls, type NetworkFlags, readNetworkFlags } from './command/network-flags.ts';
import { parsePort } from './command/parse-values.ts';
import { runCommand } from './command/run-command.ts';
import {
  type Emulator,
  ListenError,
  type LogFormat,
  OptionError,
  SeedError,
  StoreError,
  startEmulator,
} from './index.ts';

interface ServerFlags extends EmulatorFlags, NetworkFlags {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly inMemory?: true;
  readonly log: LogFormat;
}

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
  .action(serve);
addNetworkFlags(addEmulatorFlags(program));

addEmulatorFlags(program.command('exec'))
  .description('Starts an emulator in memory, runs a command that uses it, and returns the exit code of the command.')
  .usage('[options] -- <command...>')
  .argument('<command...>', 'the command and its arguments')
  .passThroughOptions()
  .action(execute);

program
  .command('health')
  .description('Checks an emulator on this machine. The exit code is 0 if the emulator is ready, and 1 if it is not.')
  .option('--port <number>', 'TCP port of the emulator', parsePort, 4599)
  .action(async ({ port }: { readonly port: number }) => {
    process.exitCode = (await isHealthy(port)) ? 0 : 1;
  });

async function serve(flags: ServerFlags): Promise<void> {
  const [operand] = program.args;
  if (operand !== undefined) rejectOperand(operand);
  const { port, host, data, inMemory, log } = flags;
  await reportFailures(async () => {
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

async function execute(command: readonly string[], flags: EmulatorFlags): Promise<void> {
  await reportFailures(async () => {
    const emulator = await startEmulator(await readEmulatorFlags(flags));
    process.exitCode = await runCommand(command, emulator.endpoint);
    await emulator.close();
  });
}

function rejectOperand(operand: string): never {
  const closest = findClosestName(operand, ['exec', 'health', 'help']);
  const hint =
    closest === undefined ? 'To run a command, use `kms-emulator exec -- COMMAND`.' : `Did you mean ${closest}?`;
  return program.error(`error: unknown command '${operand}'\n(${hint})`);
}

const userErrors = [StoreError, SeedError, ListenError, OptionError];

/** Prints the errors that the user can correct as one line. */
async function reportFailures(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!userErrors.some((type) => error instanceof type)) throw error;
    process.stderr.write(`kms-emulator: ${(error as Error).message}\n`);
    process.exitCode = 1;
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

// Without `await`, because the single-file executable contains a CommonJS bundle.
void program.parseAsync();
