import type { Command } from 'commander';
import type { LatencyMs } from '../http/latency.ts';
import type { EmulatorOptions } from '../index.ts';
import { loadSeed } from '../seed/load-seed.ts';
import type { LocalKmsOptions } from '../seed/local-kms/translate-local-kms.ts';
import { readSeed } from '../seed/read-seed.ts';
import { type Seed, seedSource } from '../seed/seed-schema.ts';
import { parseFactor, parseLatency } from './parse-values.ts';

/** The flags that every command has, because they apply to any emulator. */
export interface EmulatorFlags {
  readonly quotas?: number | true;
  readonly latency?: LatencyMs;
  readonly verifySignatures?: true;
  readonly awsManagedKeys?: true;
  /** A file path, or `false` for `--no-seed`. */
  readonly seed?: string | boolean;
}

/** Adds the flags that apply to any emulator. */
export function addEmulatorFlags(command: Command): Command {
  command
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
    .option('--aws-managed-keys', 'provide the aliases alias/aws/..., whose keys DescribeKey creates');
  rejectContradictions(command);
  return command;
}

/** Rejects contradictions that Commander does not find by itself. */
function rejectContradictions(command: Command): void {
  const seedFlags = new Set<string>();
  for (const flag of ['seed', 'no-seed']) command.on(`option:${flag}`, () => seedFlags.add(flag));
  command.hook('preAction', () => {
    const { seed, verifySignatures } = command.opts<EmulatorFlags>();
    if (seedFlags.size > 1) command.error("error: option '--no-seed' cannot be used with option '--seed <file>'");
    if (verifySignatures && typeof seed !== 'string') {
      command.error(
        "error: option '--verify-signatures' requires option '--seed <file>', because the secret access keys are in the seed's Principals",
      );
    }
  });
}

/** Converts the flags to options of `startEmulator`. */
export async function readEmulatorFlags(flags: EmulatorFlags): Promise<EmulatorOptions & { readonly seed: Seed }> {
  const { seed, quotas, latency, verifySignatures, awsManagedKeys } = flags;
  return {
    ...(quotas === undefined ? {} : { quotas: quotas === true ? 1 : quotas }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(verifySignatures && { verifySignatures }),
    ...(awsManagedKeys && { awsManagedKeys }),
    seed: await (typeof seed === 'string'
      ? readSeed(seed, readLocalKmsOptions())
      : loadSeed(seed === false ? 'none' : 'default')),
  };
}

/** Reads the account and Region for the keys in a local-kms seed, from the same environment variables as local-kms. */
function readLocalKmsOptions(): LocalKmsOptions {
  return { accountId: process.env.KMS_ACCOUNT_ID, region: process.env.KMS_REGION };
}

/**
 * Describes a local-kms seed in a notice. Includes the Region and account of the keys, because local-kms supports only
 * one of each.
 */
export function describeLocalKmsSeed(seed: Seed): string[] {
  if (seed[seedSource].keyPaths === undefined) return [];
  const { AccountId, Region } = seed.Keys[0] ?? {};
  const location = AccountId === undefined ? '' : ` in Region ${Region}, account ${AccountId}`;
  const keys = seed.Keys.length === 1 ? '1 key' : `${seed.Keys.length} keys`;
  return [`local-kms seed: ${keys}${location} (set KMS_REGION and KMS_ACCOUNT_ID to change the Region and account)`];
}
