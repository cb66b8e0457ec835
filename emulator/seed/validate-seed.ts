import { KeyMaterialError, validateKeyMaterial } from '../crypto/key-material-validation.ts';
import { describeMissingSupport } from '../crypto/runtime-support.ts';
import { readNewKeyPolicy } from '../policy-language/key-policy-rules.ts';
import { PolicyError } from '../policy-language/policy-error.ts';
import { type RegionalEntry, resolveAccountAndRegion, resolveKeySpecRow } from './seed-defaults.ts';
import { createSeedError, type SeedError } from './seed-error.ts';
import { findBrokenKeyRule } from './seed-key-rules.ts';
import { type Seed, type SeedKey, seedSource } from './seed-schema.ts';

/**
 * Validates the rules that the seed's schema cannot express, such as rules that involve several members or entries.
 * Returns the seed with its key material in the form that the store expects. Throws `SeedError` for a key that cannot
 * exist in KMS.
 */
export async function validateSeed(seed: Seed): Promise<Seed> {
  throwIfKeyStoresRepeat(seed);
  const Keys: SeedKey[] = [];
  const usedNames = new Set<string>();
  for (const [index, key] of seed.Keys.entries()) {
    const fail = (rule: string) => createKeyError(seed, index, rule);
    if (!hasRuntimeSupport(key, seed, fail)) continue;
    throwIfRuleBroken(key, seed, fail);
    throwIfPolicyInvalid(key, fail);
    throwIfRepeated(key, listUniqueNames(key), usedNames, fail);
    Keys.push(await normalizeMaterials(key, fail));
  }
  return { ...seed, Keys };
}

/**
 * Returns whether the running Node.js supports the key's key spec. Without support, a key in the default seed causes a
 * warning, and a key in any other seed a `SeedError`.
 */
function hasRuntimeSupport(key: SeedKey, { [seedSource]: source }: Seed, fail: Fail): boolean {
  const problem = describeMissingSupport(resolveKeySpecRow(key));
  if (problem === undefined) return true;
  if (source.isPublic !== true) throw fail(problem);
  const name = key.Aliases?.[0] ?? key.KeyId;
  process.emitWarning(`The default seed has no ${name}: ${problem}`, { code: 'KMS_EMULATOR_KEY_SPEC' });
  return false;
}

type Fail = (rule: string) => SeedError;

function createKeyError({ [seedSource]: source, Keys }: Seed, index: number, rule: string): SeedError {
  const path = source.keyPaths?.[index] ?? `/Keys/${index}`;
  return createSeedError(source.name, `${path} (key ${Keys[index]?.KeyId}):`, rule);
}

function throwIfRuleBroken(key: SeedKey, seed: Seed, fail: Fail): void {
  const broken = findBrokenKeyRule(key, seed);
  if (broken !== undefined) throw fail(`${broken.member} ${broken.rule}`);
}

function throwIfPolicyInvalid(key: SeedKey, fail: Fail): void {
  const [, region] = resolveAccountAndRegion(key);
  const policy = key.Policy === undefined ? undefined : readNewKeyPolicy(key.Policy, region);
  if (policy instanceof PolicyError) throw fail(`Policy is invalid: ${policy.message}`);
}

function throwIfKeyStoresRepeat({ [seedSource]: source, CustomKeyStores = [] }: Seed): void {
  const usedNames = new Set<string>();
  for (const [index, keyStore] of CustomKeyStores.entries()) {
    const { CustomKeyStoreId, CustomKeyStoreName } = keyStore;
    const pointer = `/CustomKeyStores/${index} (${CustomKeyStoreId}):`;
    throwIfRepeated(keyStore, [CustomKeyStoreId, CustomKeyStoreName], usedNames, (rule) =>
      createSeedError(source.name, pointer, rule),
    );
  }
}

/** Returns the ids and names in a key that must be unique in an account and Region. */
function listUniqueNames({ KeyId, Aliases = [], Grants = [], CustomKeyStoreId, XksKeyId }: SeedKey): string[] {
  return [
    KeyId,
    ...Aliases,
    ...Grants.map(({ GrantId }) => `grant ${GrantId}`),
    ...(XksKeyId === undefined ? [] : [`external key ${XksKeyId} in ${CustomKeyStoreId}`]),
  ];
}

/** Throws `SeedError` if a name is already used in the entry's account and Region. Adds the names to `usedNames`. */
function throwIfRepeated(entry: RegionalEntry, names: readonly string[], usedNames: Set<string>, fail: Fail): void {
  const location = resolveAccountAndRegion(entry).join(' ');
  for (const name of names) {
    if (usedNames.has(`${location} ${name}`)) {
      throw fail(`${name} must be unique in an account and Region`);
    }
    usedNames.add(`${location} ${name}`);
  }
}

/** Validates the key material against the key spec, and converts private keys to a uniform PKCS#8 encoding. */
async function normalizeMaterials(key: SeedKey, fail: Fail): Promise<SeedKey> {
  const { keySpec } = resolveKeySpecRow(key);
  const normalize = async (member: string, bytes: Uint8Array) => {
    try {
      return await validateKeyMaterial(keySpec, bytes);
    } catch (error) {
      throw error instanceof KeyMaterialError ? fail(`${member} is invalid: ${error.message}`) : error;
    }
  };
  const { Material, PreviousMaterials, PendingMaterial, ...rest } = key;
  return {
    ...rest,
    ...(Material && { Material: await normalize('Material', Material) }),
    ...(PendingMaterial && { PendingMaterial: await normalize('PendingMaterial', PendingMaterial) }),
    ...(PreviousMaterials && {
      PreviousMaterials: await Promise.all(
        PreviousMaterials.map(async (previous, index) => ({
          ...previous,
          Material: await normalize(`PreviousMaterials/${index}`, previous.Material),
        })),
      ),
    }),
  };
}
