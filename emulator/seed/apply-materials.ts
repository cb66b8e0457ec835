import { compact } from '../../shared/declaration/json-object.ts';
import type { Key, MaterialRecord } from '../core/key-record.ts';
import { computeMaterialId, formatMaterialId } from '../keys/key-material.ts';
import { sealImportToken } from '../operations/import/import-token.ts';
import { updateExpiry } from '../operations/import/material-expiry.ts';
import type { Store } from '../store/store.ts';
import type { SeedKey } from './seed-schema.ts';

interface SeededMaterial {
  readonly bytes: Uint8Array;
  readonly record: MaterialRecord;
}

/**
 * Replaces a key's materials with the materials in the seed. Material that is not in the seed becomes DETACHED. If the
 * seed contains no material for the key, the key keeps its generated material. Call it inside a transaction.
 */
export function applyMaterials(store: Store, key: Key, entry: SeedKey): void {
  if (entry.Material === undefined && entry.KeyState !== 'PendingImport') return;
  const seeded = listSeededMaterials(key, entry);
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

/** Maps material ids to the materials in the seed. Each rotation is stored with the material that it made current. */
function listSeededMaterials(key: Key, entry: SeedKey): Map<string, SeededMaterial> {
  const seeded = new Map<string, SeededMaterial>();
  const add = (bytes: Uint8Array, record: MaterialRecord) =>
    seeded.set(computeMaterialId(key.keyId, bytes).toString('hex'), { bytes, record });
  let rotation: Pick<MaterialRecord, 'rotationType' | 'rotationMs'> = {};
  for (const { Material, RotationType, RotationDate } of entry.PreviousMaterials ?? []) {
    add(Material, { state: 'NON_CURRENT', ...rotation });
    rotation = { rotationType: RotationType, rotationMs: RotationDate?.getTime() ?? key.record.createdMs };
  }
  if (entry.Material !== undefined) {
    add(entry.Material, { state: 'CURRENT', ...rotation, ...compact({ validToMs: entry.ValidTo?.getTime() }) });
  }
  if (entry.PendingMaterial !== undefined) add(entry.PendingMaterial, { state: 'PENDING_ROTATION' });
  return seeded;
}

/** Saves the expiry of imported material and the fixed import token. Call it inside a transaction. */
export function applyImportedMaterial(store: Store, key: Key, entry: SeedKey): void {
  updateExpiry(store, key);
  applyImportParameters(store, key, entry);
  store.keys.save(key);
}

/**
 * Maps the fixed token to an emulator token, so that its wrapping key is encrypted at rest like all other wrapping
 * keys.
 */
function applyImportParameters(store: Store, key: Key, { ImportParameters: parameters }: SeedKey): void {
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
