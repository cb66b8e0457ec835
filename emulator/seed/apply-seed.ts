import { compact } from '../../shared/declaration/json-object.ts';
import { defaultAccount } from '../core/credential.ts';
import { dayMs, type Key, type KeyRecord } from '../core/key-record.ts';
import { findKeyStoreOfKey } from '../operations/key-stores/find-key-store.ts';
import { updateAvailability } from '../operations/key-stores/key-store-connection.ts';
import { insertKey } from '../operations/keys/insert-key.ts';
import { buildDefaultPolicy } from '../operations/policies/key-policy.ts';
import type { Store } from '../store/store.ts';
import { applyGrants } from './apply-grants.ts';
import { applyKeyStore, removeKeyStore } from './apply-key-stores.ts';
import { applyImportedMaterial, applyMaterials } from './apply-materials.ts';
import { applyReplicas } from './apply-replicas.ts';
import {
  defaultCreationMs,
  defaultRegion,
  resolveAccountAndRegion,
  resolveKeySpecRow,
  resolveKeyUsage,
} from './seed-defaults.ts';
import type { Seed, SeedKey } from './seed-schema.ts';

/**
 * Creates a validated seed's keys and custom key stores, except those that already exist. Does not change existing keys
 * or key stores.
 */
export async function applySeed(store: Store, seed: Seed, nowMs: number): Promise<void> {
  const generated = await generateMissingMaterials(store, seed);
  store.write(() => {
    for (const entry of seed.CustomKeyStores ?? []) applyKeyStore(store, entry, { onlyIfAbsent: true });
    for (const entry of seed.Keys) {
      if (findKey(store, entry) === undefined) applyKey(store, entry, nowMs, generated.get(entry));
    }
  });
}

/**
 * Resets the seeded keys and custom key stores to the seed. Does not change other keys, their aliases, or aliases that
 * were added to a seeded key. Material that was added to a seeded key later can still be used to decrypt.
 */
export async function restoreSeed(store: Store, seed: Seed, nowMs: number): Promise<void> {
  const generated = await generateMissingMaterials(store, seed);
  store.write(() => {
    for (const name of seed.AbsentCustomKeyStores ?? []) removeKeyStore(store, name);
    for (const entry of seed.CustomKeyStores ?? []) applyKeyStore(store, entry, { onlyIfAbsent: false });
    for (const entry of seed.Keys) applyKey(store, entry, nowMs, generated.get(entry));
    for (const name of seed.AbsentAliases ?? []) store.aliases.remove(defaultAccount, defaultRegion, name);
  });
}

/**
 * Generates material for the keys that do not exist yet and have no material in the seed. Call it before the
 * transaction, because generating RSA keys is slow.
 */
async function generateMissingMaterials(store: Store, seed: Seed): Promise<Map<SeedKey, Uint8Array>> {
  const materials = new Map<SeedKey, Uint8Array>();
  for (const entry of seed.Keys) {
    const needsMaterial = entry.Material === undefined && entry.KeyState !== 'PendingImport';
    if (needsMaterial && findKey(store, entry) === undefined) {
      materials.set(entry, await resolveKeySpecRow(entry).generateMaterial());
    }
  }
  return materials;
}

function findKey(store: Store, entry: SeedKey): Key | undefined {
  return store.keys.find(...resolveAccountAndRegion(entry), entry.KeyId);
}

function applyKey(store: Store, entry: SeedKey, nowMs: number, generated: Uint8Array | undefined): void {
  const [account, region] = resolveAccountAndRegion(entry);
  const key = saveKey(store, entry, buildRecord(entry, nowMs), generated);
  applyMaterials(store, key, entry);
  if (key.record.origin === 'EXTERNAL') applyImportedMaterial(store, key, entry);
  const keyStore = findKeyStoreOfKey(store, key);
  if (keyStore !== undefined) updateAvailability(store, keyStore);
  applyGrants(store, key, entry.Grants ?? []);
  applyReplicas(store, key, entry.ReplicaRegions ?? []);
  for (const name of entry.Aliases ?? []) store.aliases.put(account, region, name, entry.KeyId, key.record.createdMs);
}

/** Creates the key, or replaces the record, policy and tags of the existing key. */
function saveKey(store: Store, entry: SeedKey, record: KeyRecord, generated: Uint8Array | undefined): Key {
  const [account, region] = resolveAccountAndRegion(entry);
  const policy = entry.Policy ?? buildDefaultPolicy(account, region);
  const tags = entry.Tags ?? [];
  const found = findKey(store, entry);
  if (found === undefined) {
    const material = entry.Material ?? generated;
    return insertKey(store, { account, region, keyId: entry.KeyId, record, material, policy, tags });
  }
  const key = { ...found, record };
  store.keys.save(key);
  store.policies.put(key.seq, policy);
  for (const { TagKey } of store.tags.listPage(key.seq, '', 1000)) store.tags.remove(key.seq, TagKey);
  for (const tag of tags) store.tags.put(key.seq, tag);
  return key;
}

function buildRecord(entry: SeedKey, nowMs: number): KeyRecord {
  const record: KeyRecord = {
    keySpec: resolveKeySpecRow(entry).keySpec,
    keyUsage: resolveKeyUsage(entry) ?? 'ENCRYPT_DECRYPT',
    origin: entry.Origin ?? 'AWS_KMS',
    multiRegion: entry.MultiRegion ?? false,
    createdMs: entry.CreationDate?.getTime() ?? defaultCreationMs,
    description: entry.Description ?? '',
    state: entry.KeyState ?? 'Enabled',
    onDemandRotations: 0,
    ...compact({ customKeyStoreId: entry.CustomKeyStoreId, xksKeyId: entry.XksKeyId }),
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
