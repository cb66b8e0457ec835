import { KmsError } from '../protocol/kms-error.ts';
import type { Material } from '../store/material-table.ts';
import type { Store } from '../store/store.ts';
import type { Key } from './key-record.ts';

/**
 * The materials of a key with origin EXTERNAL
 * (https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-import-key-material.html). Those that are or were
 * current belong to it for good: it works only while all of them are there. One that is pending rotation does not yet.
 * All functions that change something are for use inside a transaction; the caller saves the key.
 */
export function materialsOf(store: Store, key: Key): Material[] {
  return store.materials.ofKey(key.seq).filter(({ record }) => record.state !== 'DETACHED');
}

export function isPending({ record }: Material): boolean {
  return record.state === 'PENDING_ROTATION';
}

/** Whether the key waits for import: no material yet, or some of what belongs to it is missing. */
export function lacksMaterial(store: Store, key: Key): boolean {
  const own = materialsOf(store, key).filter((material) => !isPending(material));
  return own.length === 0 || own.some(({ isPresent }) => !isPresent);
}

/** What KeyMetadata says of the expiry of imported material: of that which belongs to the key for good and is there. */
export function expiryOf(store: Store, key: Key): { ExpirationModel?: ExpirationModel; ValidTo?: Date } {
  const present = materialsOf(store, key).filter((material) => material.isPresent && !isPending(material));
  if (present.length === 0) return {};
  const validToMs = earliest(present);
  return { ExpirationModel: modelOf(validToMs), ...(validToMs === undefined ? {} : { ValidTo: new Date(validToMs) }) };
}

type ExpirationModel = 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';

export function modelOf(validToMs: number | undefined): ExpirationModel {
  return validToMs === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
}

/** Deletes material, as DeleteImportedKeyMaterial and its expiry do. */
export function deleteMaterial(store: Store, key: Key, material: Material): void {
  if (isPending(material)) {
    store.materials.remove(material);
  } else {
    store.materials.erase(material);
    delete material.record.validToMs;
    store.materials.save(material);
    if (key.record.state === 'Enabled' || key.record.state === 'Disabled') key.record.state = 'PendingImport';
  }
  noteExpiry(store, key);
}

export function deleteExpiredMaterial(store: Store, key: Key, nowMs: number): void {
  for (const material of materialsOf(store, key)) {
    const { validToMs } = material.record;
    if (validToMs !== undefined && validToMs <= nowMs) deleteMaterial(store, key, material);
  }
}

/** RotateKeyOnDemand: the material that waits for it becomes the current one. */
export function rotateToPending(store: Store, key: Key, nowMs: number): void {
  const materials = materialsOf(store, key);
  const pending = materials.find(isPending);
  if (pending === undefined) {
    throw new KmsError(
      'KMSInvalidStateException',
      `No available key material pending rotation for the key: ${key.arn}.`,
    );
  }
  for (const material of materials) {
    if (material.record.state !== 'CURRENT') continue;
    material.record.state = 'NON_CURRENT';
    store.materials.save(material);
  }
  Object.assign(pending.record, { state: 'CURRENT', rotationType: 'ON_DEMAND', rotationMs: nowMs });
  store.materials.save(pending);
}

/** Keeps, with the key, when its next material expires. */
export function noteExpiry(store: Store, key: Key): void {
  const expiresMs = earliest(materialsOf(store, key).filter(({ isPresent }) => isPresent));
  if (expiresMs === undefined) delete key.record.materialExpiresMs;
  else key.record.materialExpiresMs = expiresMs;
}

function earliest(materials: readonly Material[]): number | undefined {
  const moments = materials.flatMap(({ record }) => record.validToMs ?? []);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
