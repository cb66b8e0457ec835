import { compact } from '../../../shared/declaration/json-object.ts';
import type { Key } from '../../core/key-record.ts';
import type { Store } from '../../store/store.ts';
import { isMaterialMissing, isPendingRotation, listMaterials } from './imported-materials.ts';

type ExpirationModel = 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';

export function getExpirationModel(validToMs: number | undefined): ExpirationModel {
  return validToMs === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
}

/**
 * Builds the expiry members of KeyMetadata, except for a key that waits for an import. Ignores material that is pending
 * rotation.
 */
export function buildExpiryMembers(store: Store, key: Key): { ExpirationModel?: ExpirationModel; ValidTo?: Date } {
  if (isMaterialMissing(store, key)) return {};
  const validToMs = findEarliestExpiry(store, key);
  return compact({
    ExpirationModel: getExpirationModel(validToMs),
    ValidTo: validToMs === undefined ? undefined : new Date(validToMs),
  });
}

/** Updates the time at which the key's next material expires. The caller must save the key. */
export function updateExpiry(store: Store, key: Key): void {
  const expiresMs = findEarliestExpiry(store, key);
  if (expiresMs === undefined) delete key.record.materialExpiresMs;
  else key.record.materialExpiresMs = expiresMs;
}

/** Material that is pending rotation does not expire before it becomes current (recorded from AWS). */
function findEarliestExpiry(store: Store, key: Key): number | undefined {
  const own = listMaterials(store, key).filter((material) => material.isPresent && !isPendingRotation(material));
  const times = own.flatMap(({ record }) => record.validToMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
