#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import type { LatencyMs } from './http/latency.ts';
import { type Emulator, type EmulatorOptions, ListenError, SeedError, StoreError, startEmulator } from './index.ts';
import type { LocalKmsOptions } from './seed/local-kms/translate-local-kms.ts';
import { readSeed } from './seed/read-seed.ts';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly inMemory?: true;
  readonly quotas?: number | true;
  readonly latency?: LatencyMs;
  readonly verifySignatures?: true;
  readonly awsManagedKeys?: true;
  /** A file path, or `false` for `--no-seed`. */
  readonly seed?: string | boolean;
}

const program = new Command('kms-emulator')
  .description('Runs an AWS KMS emulator on this machine, without an AWS account or network access.')
  .option('--port <number>', 'TCP port, or 0 to select a free port', parsePort, 4599)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--data <directory>', 'directory in which to store the keys', '.kms')
  .addOption(new Option('--in-memory', 'store nothing on disk').conflicts('data'))
  .option(
    '--seed <file>',
    'seed file with the initial keys, in YAML, JSON or the local-kms format (default: the keys in the sample events)',
  )
  .option('--no-seed', 'start without keys')
  .option('--quotas [scale]', 'throttle requests at the default AWS quotas, multiplied by a factor', parseFactor)
  .option('--latency <ms>', 'delay for each response in milliseconds, such as 20 or 5-20', parseLatency)
  .option(
    '--verify-signatures',
    'verify signatures with the secret access keys in the seed, and reject all other callers',
  )
  .option('--aws-managed-keys', 'provide the aliases alias/aws/..., whose keys DescribeKey creates')
  .action(run);

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function parseFactor(text: string): number {
  const factor = Number(text);
  if (!(factor > 0)) throw new InvalidArgumentError('It must be a number greater than 0.');
  return factor;
}

function parseLatency(text: string): LatencyMs {
  const [, min, max] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (min === undefined)
    throw new InvalidArgumentError('It must be a number of milliseconds, or a range such as 5-20.');
  return max === undefined ? Number(min) : [Number(min), Number(max)];
}

const seedFlags = new Set<string>();
for (const flag of ['seed', 'no-seed']) program.on(`option:${flag}`, () => seedFlags.add(flag));

/** Rejects contradictions that Commander does not find by itself. */
function rejectContradictions({ seed, verifySignatures }: Flags): void {
  if (seedFlags.size > 1) program.error("error: option '--no-seed' cannot be used with option '--seed <file>'");
  if (verifySignatures && typeof seed !== 'string') {
    program.error(
      "error: option '--verify-signatures' requires option '--seed <file>', because the secret access keys are in the seed's Principals",
    );
  }
}

async function run(flags: Flags): Promise<void> {
  rejectContradictions(flags);
  try {
    const options = await readOptions(flags);
    const emulator = await startEmulator(options);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void shutDown(emulator));
    process.stdout.write(describeLocalKmsSeed(options.seed));
    process.stdout.write(`KMS emulator: ${emulator.endpoint} (${flags.inMemory ? 'in memory' : flags.data})\n`);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof SeedError || error instanceof ListenError)) throw error;
    process.stderr.write(`kms-emulator: ${error.message}\n`);
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

async function readOptions(flags: Flags): Promise<EmulatorOptions> {
  const { port, host, data, inMemory, seed, quotas, latency, verifySignatures, awsManagedKeys } = flags;
  return {
    port,
    host,
    ...(inMemory ? {} : { directory: data }),
    ...(quotas === undefined ? {} : { quotas: quotas === true ? 1 : quotas }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(verifySignatures && { verifySignatures }),
    ...(awsManagedKeys && { awsManagedKeys }),
    seed: typeof seed === 'string' ? await readSeed(seed, readLocalKmsOptions()) : seed === false ? 'none' : 'default',
  };
}

/** Reads the account and Region for the keys in a local-kms seed, from the same environment variables as local-kms. */
function readLocalKmsOptions(): LocalKmsOptions {
  return { accountId: process.env.KMS_ACCOUNT_ID, region: process.env.KMS_REGION };
}

/**
 * Describes a local-kms seed. Includes the Region and account of the keys, because local-kms supports only one of each.
 */
function describeLocalKmsSeed(seed: EmulatorOptions['seed']): string {
  if (typeof seed !== 'object' || seed.source?.keyPaths === undefined) return '';
  const { AccountId, Region } = seed.Keys[0] ?? {};
  const location = AccountId === undefined ? '' : ` in Region ${Region}, account ${AccountId}`;
  const keys = seed.Keys.length === 1 ? '1 key' : `${seed.Keys.length} keys`;
  return `local-kms seed: ${keys}${location} (set KMS_REGION and KMS_ACCOUNT_ID to change the Region and account)\n`;
}

// Without `await`, because the single-file executable contains a CommonJS bundle.
void program.parseAsync();
