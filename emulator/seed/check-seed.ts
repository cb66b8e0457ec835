import { PolicyError, tryReadPolicy } from '../authorization/policy-document.ts';
import { defaultAccount } from '../core/credential.ts';
import { KmsError } from '../core/kms-error.ts';
import { validateKeyMaterial } from '../crypto/key-material-validation.ts';
import { type KeySpecRow, type KeyUsage, keySpecs } from '../crypto/key-specs.ts';
import { defaultRegion } from './defaults.ts';
import { type Seed, SeedError, type SeedKey } from './seed.ts';
import type { SeedKeyStore } from './seed-key-store.ts';

/** A seed's keys with material in the emulator's own form. Throws SeedError for a key that no KMS could have. */
export async function checkSeed(seed: Seed): Promise<Seed> {
  checkKeyStores(seed);
  const Keys: SeedKey[] = [];
  const names = new Set<string>();
  for (const [index, key] of seed.Keys.entries()) {
    const fault = faultOf(key, seed) ?? faultOfPolicy(key) ?? doubled(key, namesOf(key), names);
    if (fault !== undefined) throw refusal(seed, index, fault);
    try {
      Keys.push(await withCheckedMaterial(key));
    } catch (error) {
      if (!(error instanceof KmsError)) throw error;
      throw refusal(seed, index, error.message);
    }
  }
  return { ...seed, Keys };
}

function refusal({ source, Keys }: Seed, index: number, fault: string): SeedError {
  const path = source?.keyPaths?.[index] ?? `/Keys/${index}`;
  return new SeedError(`${source?.name ?? 'the seed'} at ${path} (key ${Keys[index]?.KeyId}): ${fault}`);
}

function checkKeyStores({ source, CustomKeyStores = [] }: Seed): void {
  const names = new Set<string>();
  for (const [index, keyStore] of CustomKeyStores.entries()) {
    const { CustomKeyStoreId, CustomKeyStoreName } = keyStore;
    const fault = doubled(keyStore, [CustomKeyStoreId, CustomKeyStoreName], names);
    if (fault === undefined) continue;
    throw new SeedError(`${source?.name ?? 'the seed'} at /CustomKeyStores/${index} (${CustomKeyStoreId}): ${fault}`);
  }
}

/** What is unique in a Region of an account. */
function namesOf({ KeyId, Aliases = [], Grants = [], CustomKeyStoreId, XksKeyId }: SeedKey): string[] {
  return [
    KeyId,
    ...Aliases,
    ...Grants.map(({ GrantId }) => `grant ${GrantId}`),
    ...(XksKeyId === undefined ? [] : [`external key ${XksKeyId} of ${CustomKeyStoreId}`]),
  ];
}

/** All names that were met so far are in `met`. */
function doubled(entry: Placed, names: readonly string[], met: Set<string>): string | undefined {
  const place = placeOf(entry).join(' ');
  for (const name of names) {
    if (met.has(`${place} ${name}`)) return `${name} is there twice`;
    met.add(`${place} ${name}`);
  }
  return undefined;
}

interface Placed {
  readonly AccountId?: string | undefined;
  readonly Region?: string | undefined;
}

export function placeOf(entry: Placed): [account: string, region: string] {
  return [entry.AccountId ?? defaultAccount, entry.Region ?? defaultRegion];
}

export function rowOf({ KeySpec = 'SYMMETRIC_DEFAULT' }: SeedKey): KeySpecRow {
  return keySpecs[KeySpec];
}

/** As with CreateKey, a key spec with one usage need not say it; unlike there, not only the symmetric one. */
export function usageOf(key: SeedKey): KeyUsage | undefined {
  const [usage, ...others] = Object.keys(rowOf(key).algorithms) as KeyUsage[];
  return key.KeyUsage ?? (others.length === 0 ? usage : undefined);
}

/** What a key cannot be, and how to say it. */
const faults: readonly [is: (key: SeedKey, row: KeySpecRow, seed: Seed) => boolean, text: string][] = [
  [(key) => usageOf(key) === undefined, 'its KeySpec has several uses: KeyUsage must name one'],
  [(key, { algorithms }) => algorithms[usageOf(key)!] === undefined, 'its KeyUsage is not compatible with its KeySpec'],
  [(key) => key.KeyState === 'PendingImport' && !isExternal(key), 'only a key of Origin EXTERNAL can be PendingImport'],
  [
    (key) => key.KeyState === 'PendingImport' && (key.Material ?? key.PreviousMaterials) !== undefined,
    'a key that is PendingImport has no Material',
  ],
  [
    (key) => (key.PreviousMaterials ?? key.PendingMaterial ?? key.ValidTo) !== undefined && key.Material === undefined,
    'PreviousMaterials, PendingMaterial and ValidTo need a Material',
  ],
  [
    (key, { family }) => key.PreviousMaterials !== undefined && (family !== 'SYMMETRIC' || isInKeyStore(key)),
    'only a SYMMETRIC_DEFAULT key of Origin AWS_KMS or EXTERNAL has PreviousMaterials',
  ],
  [
    (key, { family }) => key.PendingMaterial !== undefined && (family !== 'SYMMETRIC' || !isExternal(key)),
    'only a SYMMETRIC_DEFAULT key of Origin EXTERNAL has a PendingMaterial',
  ],
  [
    (key, { family }) =>
      key.Rotation !== undefined && (family !== 'SYMMETRIC' || (key.Origin ?? 'AWS_KMS') !== 'AWS_KMS'),
    'only a SYMMETRIC_DEFAULT key of Origin AWS_KMS has a Rotation',
  ],
  [
    (key) => (key.ValidTo ?? key.ImportParameters) !== undefined && !isExternal(key),
    'ValidTo and ImportParameters are for keys of Origin EXTERNAL',
  ],
  [
    (key) => isInKeyStore(key) !== (key.CustomKeyStoreId !== undefined),
    'a key of Origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE has a CustomKeyStoreId, and no other has',
  ],
  [
    (key) => (key.Origin === 'EXTERNAL_KEY_STORE') !== (key.XksKeyId !== undefined),
    'a key of Origin EXTERNAL_KEY_STORE has an XksKeyId, and no other has',
  ],
  [
    (key, { family }) => isInKeyStore(key) && (family !== 'SYMMETRIC' || key.MultiRegion === true),
    'a key in a custom key store is a SYMMETRIC_DEFAULT key of one Region',
  ],
  [
    (key, _, seed) => isInKeyStore(key) && keyStoreOf(key, seed)?.CustomKeyStoreType !== key.Origin,
    'its CustomKeyStoreId must name a custom key store of this seed, of its account and Region, of the type of its Origin',
  ],
];

const isExternal = ({ Origin }: SeedKey) => Origin === 'EXTERNAL';
const isInKeyStore = ({ Origin }: SeedKey) => Origin === 'AWS_CLOUDHSM' || Origin === 'EXTERNAL_KEY_STORE';

function keyStoreOf(key: SeedKey, { CustomKeyStores = [] }: Seed): SeedKeyStore | undefined {
  return CustomKeyStores.find(
    (keyStore) =>
      keyStore.CustomKeyStoreId === key.CustomKeyStoreId && placeOf(keyStore).join() === placeOf(key).join(),
  );
}

function faultOf(key: SeedKey, seed: Seed): string | undefined {
  return faults.find(([is]) => is(key, rowOf(key), seed))?.[1];
}

function faultOfPolicy({ Policy }: SeedKey): string | undefined {
  const policy = Policy === undefined ? undefined : tryReadPolicy(Policy);
  return policy instanceof PolicyError ? policy.message : undefined;
}

async function withCheckedMaterial(key: SeedKey): Promise<SeedKey> {
  const { keySpec } = rowOf(key);
  const check = (bytes: Uint8Array) => validateKeyMaterial(keySpec, bytes);
  const { Material, PreviousMaterials, PendingMaterial, ...rest } = key;
  return {
    ...rest,
    ...(Material && { Material: await check(Material) }),
    ...(PendingMaterial && { PendingMaterial: await check(PendingMaterial) }),
    ...(PreviousMaterials && {
      PreviousMaterials: await Promise.all(
        PreviousMaterials.map(async (previous) => ({ ...previous, Material: await check(previous.Material) })),
      ),
    }),
  };
}
