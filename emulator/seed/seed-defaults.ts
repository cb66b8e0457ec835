import { defaultAccount } from '../core/credential.ts';
import { type KeySpecRow, type KeyUsage, keySpecs } from '../crypto/key-specs.ts';
import type { SeedSource } from './seed-error.ts';
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
 * Returns a key's usage, or `undefined` if the usage is missing and the key spec supports several usages. In CreateKey,
 * the usage is optional only for SYMMETRIC_DEFAULT. In a seed, the usage is optional for any key spec that supports
 * only one usage.
 */
export function resolveKeyUsage(key: SeedKey): KeyUsage | undefined {
  const [usage, ...others] = Object.keys(resolveKeySpecRow(key).algorithms) as KeyUsage[];
  return key.KeyUsage ?? (others.length === 0 ? usage : undefined);
}

/** Replaces each key with `AccountIds` by a key in each of these accounts. Error messages still contain its location. */
export function repeatInAccounts(
  keys: readonly SeedKey[],
  { keyPaths, ...source }: SeedSource,
): { readonly keys: SeedKey[]; readonly source: SeedSource } {
  if (keys.every(({ AccountIds }) => AccountIds === undefined)) {
    return { keys: [...keys], source: { ...source, ...(keyPaths && { keyPaths }) } };
  }
  const located = keys.flatMap(({ AccountIds, ...key }, index) => {
    const path = keyPaths?.[index] ?? `/Keys/${index}`;
    if (AccountIds === undefined) return [{ key, path }];
    return AccountIds.map((AccountId) => ({ key: { ...key, AccountId }, path }));
  });
  return {
    keys: located.map(({ key }) => key),
    source: { ...source, keyPaths: located.map(({ path }) => path) },
  };
}
