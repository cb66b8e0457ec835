import type { Key, MaterialRecord } from '../../core/key-record.ts';
import { formatMaterialId } from '../../keys/key-material.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';

/**
 * Lists a key's materials, except detached material.
 *
 * In a key with origin EXTERNAL
 * (https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-import-key-material.html), materials that are
 * or were current belong to the key permanently. The key is usable only while all of them are present. Material that is
 * pending rotation does not belong to the key yet.
 */
export function listMaterials(store: Store, key: Key): Material[] {
  return store.materials.listByKey(key.seq).filter(({ record }) => record.state !== 'DETACHED');
}

export function isPendingRotation({ record }: Material): boolean {
  return record.state === 'PENDING_ROTATION';
}

/**
 * Returns whether the key needs an import, because it has no material yet or because one of its materials is missing.
 */
export function isMaterialMissing(store: Store, key: Key): boolean {
  const own = listMaterials(store, key).filter((material) => !isPendingRotation(material));
  return own.length === 0 || own.some(({ isPresent }) => !isPresent);
}

/** Finds the same material in a related key. */
export function findInRelatedKey(store: Store, related: Key, material: Material): Material | undefined {
  return listMaterials(store, related).find((other) => formatMaterialId(other) === formatMaterialId(material));
}

/** Returns whether the material is present in every related key. */
export function isInAllRegions(store: Store, key: Key, material: Material): boolean {
  return listRelatedKeys(store, key).every((related) => findInRelatedKey(store, related, material)?.isPresent);
}

type KeyMaterialState = Exclude<MaterialRecord['state'], 'DETACHED'> | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

/**
 * Returns the material's KeyMaterialState. Before material that is pending rotation can become current, it must be
 * imported into every replica.
 */
export function getMaterialState(store: Store, key: Key, material: Material): KeyMaterialState {
  if (isPendingRotation(material) && !isInAllRegions(store, key, material)) {
    return 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  }
  return material.record.state as Exclude<typeof material.record.state, 'DETACHED'>;
}

/**
 * Adds the primary's materials to a replica, without their bytes. The same bytes must be imported into the replica too.
 * Each key has its own expiry, but replicas return the primary's description
 * (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-import.html). Call it inside a transaction.
 */
export function associateMaterials(store: Store, primary: Key, replica: Key): void {
  const known = new Set(listMaterials(store, replica).map(formatMaterialId));
  for (const material of listMaterials(store, primary)) {
    if (known.has(formatMaterialId(material)) || !material.isPresent) continue;
    const { validToMs: _, ...record } = material.record;
    store.materials.erase(
      store.materials.insert(replica.seq, material.materialId, store.materials.open(material), record),
    );
  }
}
