import { compact } from '../../../shared/declaration/json-object.ts';
import type { Key } from '../../core/key-record.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { isPendingRotation, listMaterials } from './imported-materials.ts';

type ExpirationModel = 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';

export function getExpirationModel(validToMs: number | undefined): ExpirationModel {
  return validToMs === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
}

/** Builds the expiry members of KeyMetadata from the materials that are present. Ignores material that is pending rotation. */
export function buildExpiryMembers(store: Store, key: Key): { ExpirationModel?: ExpirationModel; ValidTo?: Date } {
  const present = listMaterials(store, key).filter((material) => material.isPresent && !isPendingRotation(material));
  if (present.length === 0) return {};
  const validToMs = findEarliestExpiry(present);
  return compact({
    ExpirationModel: getExpirationModel(validToMs),
    ValidTo: validToMs === undefined ? undefined : new Date(validToMs),
  });
}

/** Updates the time at which the key's next material expires. The caller must save the key. */
export function updateExpiry(store: Store, key: Key): void {
  const expiresMs = findEarliestExpiry(listMaterials(store, key).filter(({ isPresent }) => isPresent));
  if (expiresMs === undefined) delete key.record.materialExpiresMs;
  else key.record.materialExpiresMs = expiresMs;
}

function findEarliestExpiry(materials: readonly Material[]): number | undefined {
  const times = materials.flatMap(({ record }) => record.validToMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
