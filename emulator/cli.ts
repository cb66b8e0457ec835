#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import type { LatencyMs } from './http/latency.ts';
import { type Emulator, type EmulatorOptions, ListenError, startEmulator } from './index.ts';
import { readSeed } from './seed/read-seed.ts';
import { SeedError } from './seed/seed-error.ts';
import type { LocalKmsOptions } from './seed/translate-local-kms.ts';
import { StoreError } from './store/store-error.ts';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly inMemory?: true;
  readonly quotas?: number | true;
  readonly latency?: LatencyMs;
  readonly verifySignatures?: true;
  /** A file; `false` with `--no-seed`. */
  readonly seed?: string | boolean;
}

const program = new Command('kms-emulator')
  .description('An AWS KMS endpoint on this machine, for any SDK: no account, no network.')
  .option('--port <number>', 'TCP port; 0 takes any free one', portOf, 4599)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--data <directory>', 'where keys are kept', '.kms')
  .option('--in-memory', 'keep nothing')
  .option(
    '--seed <file>',
    'keys that are there from the start (YAML or JSON, also of local-kms); by default those behind the sample events',
  )
  .option('--no-seed', 'start with no keys')
  .option('--quotas [scale]', 'throttle as AWS does, at its default request quotas times a factor', factorOf)
  .option('--latency <ms>', 'hold each answer back: milliseconds, or a range such as 5-20', latencyOf)
  .option('--verify-signatures', "check signatures with the secrets of the seed's principals, and let nobody else call")
  .action(run);

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('Give a number from 0 to 65535.');
  return port;
}

function factorOf(text: string): number {
  const factor = Number(text);
  if (!(factor > 0)) throw new InvalidArgumentError('Give a number above 0.');
  return factor;
}

function latencyOf(text: string): LatencyMs {
  const [, least, most] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (least === undefined) throw new InvalidArgumentError('Give milliseconds, or a range such as 5-20.');
  return most === undefined ? Number(least) : [Number(least), Number(most)];
}

async function run(flags: Flags): Promise<void> {
  try {
    const options = await optionsOf(flags);
    const emulator = await startEmulator(options);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(emulator));
    process.stdout.write(localKmsNote(options.seed));
    process.stdout.write(`KMS emulator: ${emulator.endpoint} (${flags.inMemory ? 'in memory' : flags.data})\n`);
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof SeedError || error instanceof ListenError)) throw error;
    process.stderr.write(`kms-emulator: ${error.message}\n`);
    process.exitCode = 1;
  }
}

/** npm passes on the signal that a terminal has sent to both: the second one, on a process that is ending, would kill it. */
const secondSignalMs = 250;

async function end(emulator: Emulator): Promise<void> {
  await emulator.close();
  setTimeout(() => {}, secondSignalMs);
}

async function optionsOf(flags: Flags): Promise<EmulatorOptions> {
  const { port, host, data, inMemory, seed, quotas, latency, verifySignatures } = flags;
  return {
    port,
    host,
    ...(inMemory ? {} : { directory: data }),
    ...(quotas === undefined ? {} : { quotas: quotas === true ? 1 : quotas }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(verifySignatures && { verifySignatures }),
    seed: typeof seed === 'string' ? await readSeed(seed, readLocalKmsOptions()) : seed === false ? 'none' : 'default',
  };
}

/** The variables that say the same to local-kms, for seeds that were made for it. */
function readLocalKmsOptions(): LocalKmsOptions {
  return { accountId: process.env.KMS_ACCOUNT_ID, region: process.env.KMS_REGION };
}

/** local-kms has one Region and one account; here those of the client's credentials find the keys. */
function localKmsNote(seed: EmulatorOptions['seed']): string {
  if (typeof seed !== 'object' || seed.source?.keyPaths === undefined) return '';
  const { AccountId, Region } = seed.Keys[0] ?? {};
  const place = AccountId === undefined ? '' : ` in ${Region} of account ${AccountId}`;
  const keys = seed.Keys.length === 1 ? '1 key' : `${seed.Keys.length} keys`;
  return `A seed of local-kms: ${keys}${place} (KMS_REGION and KMS_ACCOUNT_ID say otherwise)\n`;
}

await program.parseAsync();
