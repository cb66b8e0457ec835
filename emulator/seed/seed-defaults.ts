import { defaultAccount } from '../core/credential.ts';
import { type KeySpecRow, type KeyUsage, keySpecs } from '../crypto/key-specs.ts';
import type { SeedKey } from './seed-schema.ts';

/** The default values of members that a seed can omit. */
export const defaultRegion = 'us-east-1';
export const defaultCreationMs = Date.UTC(2024, 0, 1);

/** A seed entry that belongs to one account and Region. */
export interface RegionalEntry {
  readonly AccountId?: string | undefined;
  readonly Region?: string | undefined;
}

export function resolveAccountAndRegion(entry: RegionalEntry): [account: string, region: string] {
  return [entry.AccountId ?? defaultAccount, entry.Region ?? defaultRegion];
}

export function resolveKeySpecRow({ KeySpec = 'SYMMETRIC_DEFAULT' }: SeedKey): KeySpecRow {
  return keySpecs[KeySpec];
}

/**
 * Returns the usage of a key, or `undefined` if it is missing and the key spec supports several. CreateKey allows callers
 * to omit the usage for SYMMETRIC_DEFAULT only; a seed can omit it for any key spec with a single usage.
 */
export function resolveKeyUsage(key: SeedKey): KeyUsage | undefined {
  const [usage, ...others] = Object.keys(resolveKeySpecRow(key).algorithms) as KeyUsage[];
  return key.KeyUsage ?? (others.length === 0 ? usage : undefined);
}
