import { PolicyFault, policyOrFault } from '../access/policy.ts';
import { checkImportedMaterial } from '../crypto/imported-material.ts';
import { type KeySpec, type KeySpecRow, type KeyUsage, keySpecs } from '../crypto/key-specs.ts';
import { KmsError } from '../protocol/kms-error.ts';
import { type Seed, SeedError, type SeedKey } from './seed.ts';

/** A seed's keys with material in the emulator's own form. Throws SeedError for a key that no KMS could have. */
export async function checkSeed(seed: Seed): Promise<Seed> {
  const Keys: SeedKey[] = [];
  for (const key of seed.Keys) {
    const fault = faultOf(key) ?? faultOfPolicy(key);
    if (fault !== undefined) throw new SeedError(`the seed's key ${key.KeyId}: ${fault}`);
    Keys.push(await withCheckedMaterial(key));
  }
  return { ...seed, Keys };
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
const faults: readonly [is: (key: SeedKey, row: KeySpecRow) => boolean, text: string][] = [
  [(key) => usageOf(key) === undefined, 'its KeySpec has several uses: KeyUsage must name one'],
  [(key, { algorithms }) => algorithms[usageOf(key)!] === undefined, 'its KeyUsage is not compatible with its KeySpec'],
  [(key) => key.KeyState === 'PendingImport' && !isExternal(key), 'only a key of Origin EXTERNAL can be PendingImport'],
  [
    (key) => key.KeyState === 'PendingImport' && (key.Material ?? key.PreviousMaterials) !== undefined,
    'a key that is PendingImport has no Material',
  ],
  [
    (key) => (key.PreviousMaterials ?? key.ValidTo) !== undefined && key.Material === undefined,
    'PreviousMaterials and ValidTo need a Material',
  ],
  [
    (key, { family }) => key.PreviousMaterials !== undefined && family !== 'SYMMETRIC',
    'only a SYMMETRIC_DEFAULT key has PreviousMaterials',
  ],
  [
    (key, { family }) => key.Rotation !== undefined && (family !== 'SYMMETRIC' || isExternal(key)),
    'only a SYMMETRIC_DEFAULT key of Origin AWS_KMS has a Rotation',
  ],
  [
    (key) => (key.ValidTo ?? key.ImportParameters) !== undefined && !isExternal(key),
    'ValidTo and ImportParameters are for keys of Origin EXTERNAL',
  ],
];

const isExternal = ({ Origin }: SeedKey) => Origin === 'EXTERNAL';

function faultOf(key: SeedKey): string | undefined {
  return faults.find(([is]) => is(key, rowOf(key)))?.[1];
}

function faultOfPolicy({ Policy }: SeedKey): string | undefined {
  const policy = Policy === undefined ? undefined : policyOrFault(Policy);
  return policy instanceof PolicyFault ? policy.message : undefined;
}

async function withCheckedMaterial(key: SeedKey): Promise<SeedKey> {
  const { keySpec } = rowOf(key);
  const { Material, PreviousMaterials } = key;
  return {
    ...key,
    ...(Material === undefined ? {} : { Material: await checkMaterial(key, keySpec, Material) }),
    ...(PreviousMaterials === undefined
      ? {}
      : {
          PreviousMaterials: await Promise.all(
            PreviousMaterials.map(async (previous) => ({
              ...previous,
              Material: await checkMaterial(key, keySpec, previous.Material),
            })),
          ),
        }),
  };
}

async function checkMaterial({ KeyId }: SeedKey, keySpec: KeySpec, material: Uint8Array): Promise<Uint8Array> {
  try {
    return await checkImportedMaterial(keySpec, material);
  } catch (error) {
    if (!(error instanceof KmsError)) throw error;
    throw new SeedError(`the seed's key ${KeyId}: ${error.message}`);
  }
}
