import type { Key } from '../../core/key-record.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';
import { findInRelatedKey, isPendingRotation, listMaterials } from './imported-materials.ts';
import { updateExpiry } from './material-expiry.ts';

/**
 * Deletes imported material, for DeleteImportedKeyMaterial or because it has expired. If the material is pending
 * rotation in a primary key, also removes it from the replicas. All other material can be imported again. Call it
 * inside a transaction, and then save the key.
 */
export function deleteMaterial(store: Store, key: Key, material: Material): void {
  if (isPendingRotation(material) && key.record.replicaOf === undefined) removePendingMaterial(store, key, material);
  else eraseMaterial(store, key, material);
  updateExpiry(store, key);
}

/** Deletes the key's imported material that has expired by `nowMs`, except material that is pending rotation. */
export function deleteExpiredMaterial(store: Store, key: Key, nowMs: number): void {
  for (const material of listMaterials(store, key)) {
    const { validToMs } = material.record;
    const isExpired = validToMs !== undefined && validToMs <= nowMs;
    if (isExpired && !isPendingRotation(material)) deleteMaterial(store, key, material);
  }
}

function eraseMaterial(store: Store, key: Key, material: Material): void {
  store.materials.erase(material);
  delete material.record.validToMs;
  store.materials.save(material);
  const isUsable = key.record.state === 'Enabled' || key.record.state === 'Disabled';
  if (isUsable && !isPendingRotation(material)) key.record.state = 'PendingImport';
}

function removePendingMaterial(store: Store, primary: Key, material: Material): void {
  for (const related of listRelatedKeys(store, primary)) {
    const found = findInRelatedKey(store, related, material);
    if (found === undefined) continue;
    store.materials.remove(found);
    if (related.seq === primary.seq) continue;
    updateExpiry(store, related);
    store.keys.save(related);
  }
}
