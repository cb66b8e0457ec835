import { defaultAccount } from '../core/credential.ts';
import { dayMs, type Key, type KeyRecord, type MaterialRecord } from '../core/key-record.ts';
import { computeMaterialId, formatMaterialId } from '../keys/key-material.ts';
import { sealImportToken } from '../operations/import/import-token.ts';
import { noteExpiry } from '../operations/import/pending-material.ts';
import { keyStoreOf, updateAvailability } from '../operations/key-stores/resolve-key-store.ts';
import { insertKey } from '../operations/keys/insert-key.ts';
import { defaultPolicy } from '../operations/policies/key-policy.ts';
import type { Store } from '../store/store.ts';
import { applyGrants } from './apply-grants.ts';
import { applyKeyStore, removeKeyStore } from './apply-key-stores.ts';
import { applyReplicas } from './apply-replicas.ts';
import { placeOf, rowOf, usageOf } from './check-seed.ts';
import { defaultCreationMs, defaultRegion } from './defaults.ts';
import type { Seed, SeedKey } from './seed.ts';

/** Lays down the keys of a checked seed that are not there yet. A key that is there stays as it is. */
export async function applySeed(store: Store, seed: Seed, nowMs: number): Promise<void> {
  const random = await randomMaterials(store, seed);
  store.write(() => {
    for (const entry of seed.CustomKeyStores ?? []) applyKeyStore(store, entry, { onlyIfAbsent: true });
    for (const entry of seed.Keys) {
      if (find(store, entry) === undefined) layKey(store, entry, nowMs, random.get(entry));
    }
  });
}

/**
 * Lays the seeded keys back to what the seed says, and touches nothing else: other keys, and aliases of others that point
 * at a seeded key, stay. Material that a seeded key was given since still decrypts.
 */
export async function restoreSeed(store: Store, seed: Seed, nowMs: number): Promise<void> {
  const random = await randomMaterials(store, seed);
  store.write(() => {
    for (const name of seed.AbsentCustomKeyStores ?? []) removeKeyStore(store, name);
    for (const entry of seed.CustomKeyStores ?? []) applyKeyStore(store, entry, { onlyIfAbsent: false });
    for (const entry of seed.Keys) layKey(store, entry, nowMs, random.get(entry));
    for (const name of seed.AbsentAliases ?? []) store.aliases.remove(defaultAccount, defaultRegion, name);
  });
}

/** For the keys without material of their own that are not there; made before the transaction, since RSA takes its time. */
async function randomMaterials(store: Store, seed: Seed): Promise<Map<SeedKey, Uint8Array>> {
  const materials = new Map<SeedKey, Uint8Array>();
  for (const entry of seed.Keys) {
    const needsNone = entry.Material !== undefined || entry.KeyState === 'PendingImport';
    if (!needsNone && find(store, entry) === undefined) materials.set(entry, await rowOf(entry).generateMaterial());
  }
  return materials;
}

function find(store: Store, entry: SeedKey): Key | undefined {
  return store.keys.find(...placeOf(entry), entry.KeyId);
}

function layKey(store: Store, entry: SeedKey, nowMs: number, random: Uint8Array | undefined): void {
  const [account, region] = placeOf(entry);
  const policy = entry.Policy ?? defaultPolicy(account, region);
  const record = recordOf(entry, nowMs);
  const found = find(store, entry);
  const tags = entry.Tags ?? [];
  let key: Key;
  if (found === undefined) {
    const material = entry.Material ?? random;
    key = insertKey(store, { account, region, keyId: entry.KeyId, record, material, policy, tags });
  } else {
    key = { ...found, record };
    store.keys.save(key);
    store.policies.put(key.seq, policy);
    for (const { TagKey } of store.tags.listPage(key.seq, '', 1000)) store.tags.remove(key.seq, TagKey);
    for (const tag of tags) store.tags.put(key.seq, tag);
  }
  layMaterials(store, key, entry);
  if (record.origin === 'EXTERNAL') {
    noteExpiry(store, key);
    layImportParameters(store, key, entry);
    store.keys.save(key);
  }
  const keyStore = keyStoreOf(store, key);
  if (keyStore !== undefined) updateAvailability(store, keyStore);
  applyGrants(store, key, entry.Grants ?? []);
  applyReplicas(store, key, entry.ReplicaRegions ?? []);
  for (const name of entry.Aliases ?? []) store.aliases.put(account, region, name, entry.KeyId, record.createdMs);
}

function layMaterials(store: Store, key: Key, entry: SeedKey): void {
  // Random material stays what it is.
  if (entry.Material === undefined && entry.KeyState !== 'PendingImport') return;
  const seeded = new Map<string, { bytes: Uint8Array; record: MaterialRecord }>();
  let arrived: Pick<MaterialRecord, 'rotationType' | 'rotationMs'> = {};
  for (const { Material, RotationType, RotationDate } of entry.PreviousMaterials ?? []) {
    seeded.set(idOf(key, Material), { bytes: Material, record: { state: 'NON_CURRENT', ...arrived } });
    arrived = { rotationType: RotationType, rotationMs: RotationDate?.getTime() ?? key.record.createdMs };
  }
  if (entry.Material !== undefined) {
    const expiry = entry.ValidTo === undefined ? {} : { validToMs: entry.ValidTo.getTime() };
    seeded.set(idOf(key, entry.Material), {
      bytes: entry.Material,
      record: { state: 'CURRENT', ...arrived, ...expiry },
    });
  }
  if (entry.PendingMaterial !== undefined) {
    seeded.set(idOf(key, entry.PendingMaterial), {
      bytes: entry.PendingMaterial,
      record: { state: 'PENDING_ROTATION' },
    });
  }
  for (const material of store.materials.listByKey(key.seq)) {
    const id = formatMaterialId(material);
    const { bytes, record = { state: 'DETACHED' } } = seeded.get(id) ?? {};
    store.materials.save({ ...material, record });
    if (bytes !== undefined && !material.isPresent) store.materials.restore(material, bytes);
    seeded.delete(id);
  }
  for (const { bytes, record } of seeded.values()) {
    store.materials.insert(key.seq, computeMaterialId(key.keyId, bytes), bytes, record);
  }
}

/** The fixed token stands for one of the emulator's own, so that the wrapping key is sealed at rest like any other. */
function layImportParameters(store: Store, key: Key, { ImportParameters: parameters }: SeedKey): void {
  if (parameters === undefined) return;
  const sealed = sealImportToken(store, key, {
    wrappingKeySpec: parameters.WrappingKeySpec,
    wrappingAlgorithm: parameters.WrappingAlgorithm,
    wrappingPrivateKey: parameters.WrappingPrivateKey,
    validToMs: Number.MAX_SAFE_INTEGER,
  });
  key.record.fixedImportToken = {
    given: Buffer.from(parameters.ImportToken).toString('base64'),
    sealed: sealed.toString('base64'),
  };
}

function idOf(key: Key, bytes: Uint8Array): string {
  return computeMaterialId(key.keyId, bytes).toString('hex');
}

function recordOf(entry: SeedKey, nowMs: number): KeyRecord {
  const record: KeyRecord = {
    keySpec: rowOf(entry).keySpec,
    keyUsage: usageOf(entry) ?? 'ENCRYPT_DECRYPT',
    origin: entry.Origin ?? 'AWS_KMS',
    multiRegion: entry.MultiRegion ?? false,
    createdMs: entry.CreationDate?.getTime() ?? defaultCreationMs,
    description: entry.Description ?? '',
    state: entry.KeyState ?? 'Enabled',
    onDemandRotations: 0,
    ...(entry.CustomKeyStoreId === undefined ? {} : { customKeyStoreId: entry.CustomKeyStoreId }),
    ...(entry.XksKeyId === undefined ? {} : { xksKeyId: entry.XksKeyId }),
  };
  if (record.state === 'PendingDeletion') {
    record.pendingWindowDays = entry.PendingWindowInDays ?? 30;
    record.deletionMs = entry.DeletionDate?.getTime() ?? nowMs + record.pendingWindowDays * dayMs;
  }
  if (entry.Rotation !== undefined) {
    const periodDays = entry.Rotation.RotationPeriodInDays;
    record.rotation = { periodDays, nextMs: entry.Rotation.NextRotationDate?.getTime() ?? nowMs + periodDays * dayMs };
  }
  return record;
}
