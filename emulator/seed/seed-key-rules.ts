import type { KeySpecRow } from '../crypto/key-specs.ts';
import { resolveAccountAndRegion, resolveKeySpecRow, resolveKeyUsage } from './seed-defaults.ts';
import type { SeedKeyStore } from './seed-key-store.ts';
import type { Seed, SeedKey } from './seed-schema.ts';

type IsBroken = (key: SeedKey, row: KeySpecRow, seed: Seed) => boolean;

/** The rules that involve several members of a key, in the order in which they are checked. */
const keyRules: readonly [member: keyof SeedKey, isBroken: IsBroken, rule: string][] = [
  ['KeyUsage', (key) => resolveKeyUsage(key) === undefined, 'is required because the KeySpec supports several usages'],
  [
    'KeyUsage',
    (key, { algorithms }) => algorithms[resolveKeyUsage(key)!] === undefined,
    'must be a usage that the KeySpec supports',
  ],
  ['KeyState', (key) => isPendingImport(key) && !isExternal(key), 'can be PendingImport only if Origin is EXTERNAL'],
  [
    'Material',
    (key) => isPendingImport(key) && key.Material !== undefined,
    'must be absent if KeyState is PendingImport',
  ],
  [
    'PreviousMaterials',
    (key) => isPendingImport(key) && key.PreviousMaterials !== undefined,
    'must be absent if KeyState is PendingImport',
  ],
  [
    'Material',
    (key) => key.Material === undefined && (key.PreviousMaterials ?? key.PendingMaterial ?? key.ValidTo) !== undefined,
    'is required if PreviousMaterials, PendingMaterial or ValidTo is present',
  ],
  [
    'PreviousMaterials',
    (key, row) => key.PreviousMaterials !== undefined && (!isSymmetric(row) || isInKeyStore(key)),
    'is allowed only for a SYMMETRIC_DEFAULT key with Origin AWS_KMS or EXTERNAL',
  ],
  [
    'PendingMaterial',
    (key, row) => key.PendingMaterial !== undefined && (!isSymmetric(row) || !isExternal(key)),
    'is allowed only for a SYMMETRIC_DEFAULT key with Origin EXTERNAL',
  ],
  [
    'Rotation',
    (key, row) => key.Rotation !== undefined && (!isSymmetric(row) || (key.Origin ?? 'AWS_KMS') !== 'AWS_KMS'),
    'is allowed only for a SYMMETRIC_DEFAULT key with Origin AWS_KMS',
  ],
  ['ValidTo', (key) => key.ValidTo !== undefined && !isExternal(key), 'is allowed only for a key with Origin EXTERNAL'],
  [
    'ImportParameters',
    (key) => key.ImportParameters !== undefined && !isExternal(key),
    'is allowed only for a key with Origin EXTERNAL',
  ],
  [
    'CustomKeyStoreId',
    (key) => isInKeyStore(key) && key.CustomKeyStoreId === undefined,
    'is required if Origin is AWS_CLOUDHSM or EXTERNAL_KEY_STORE',
  ],
  [
    'CustomKeyStoreId',
    (key) => !isInKeyStore(key) && key.CustomKeyStoreId !== undefined,
    'is allowed only if Origin is AWS_CLOUDHSM or EXTERNAL_KEY_STORE',
  ],
  [
    'XksKeyId',
    (key) => key.Origin === 'EXTERNAL_KEY_STORE' && key.XksKeyId === undefined,
    'is required if Origin is EXTERNAL_KEY_STORE',
  ],
  [
    'XksKeyId',
    (key) => key.Origin !== 'EXTERNAL_KEY_STORE' && key.XksKeyId !== undefined,
    'is allowed only if Origin is EXTERNAL_KEY_STORE',
  ],
  [
    'KeySpec',
    (key, row) => isInKeyStore(key) && !isSymmetric(row),
    'must be SYMMETRIC_DEFAULT for a key in a custom key store',
  ],
  [
    'MultiRegion',
    (key) => isInKeyStore(key) && key.MultiRegion === true,
    'must be false for a key in a custom key store',
  ],
  [
    'CustomKeyStoreId',
    (key, _, seed) => isInKeyStore(key) && findKeyStore(key, seed)?.CustomKeyStoreType !== key.Origin,
    "must be the id of a custom key store in this seed with the key's account and Region, and with the key's Origin as its type",
  ],
];

/** Returns the first rule that a key breaks, and the member that breaks the rule. */
export function findBrokenKeyRule(key: SeedKey, seed: Seed): { member: string; rule: string } | undefined {
  const row = resolveKeySpecRow(key);
  const broken = keyRules.find(([, isBroken]) => isBroken(key, row, seed));
  return broken && { member: broken[0], rule: broken[2] };
}

const isPendingImport = ({ KeyState }: SeedKey) => KeyState === 'PendingImport';
const isExternal = ({ Origin }: SeedKey) => Origin === 'EXTERNAL';
const isInKeyStore = ({ Origin }: SeedKey) => Origin === 'AWS_CLOUDHSM' || Origin === 'EXTERNAL_KEY_STORE';
const isSymmetric = ({ family }: KeySpecRow) => family === 'SYMMETRIC';

function findKeyStore(key: SeedKey, { CustomKeyStores = [] }: Seed): SeedKeyStore | undefined {
  const location = resolveAccountAndRegion(key).join();
  return CustomKeyStores.find(
    (keyStore) =>
      keyStore.CustomKeyStoreId === key.CustomKeyStoreId && resolveAccountAndRegion(keyStore).join() === location,
  );
}
