import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';
import { isInAllRegions, isPendingRotation, listMaterials } from './imported-materials.ts';

/**
 * Makes the material that is pending rotation current, in every Region of a multi-Region key. Throws
 * KMSInvalidStateException if no material is pending rotation, or if it has not been imported into every replica. Call
 * it inside a transaction.
 */
export function rotateToPendingMaterial(store: Store, key: Key, nowMs: number): void {
  const pending = listMaterials(store, key).find(isPendingRotation);
  if (pending === undefined || !isInAllRegions(store, key, pending)) {
    throw new KmsError(
      'KMSInvalidStateException',
      `No available key material pending rotation for the key: ${key.arn}.`,
    );
  }
  for (const related of listRelatedKeys(store, key)) makePendingCurrent(store, related, nowMs);
}

function makePendingCurrent(store: Store, key: Key, nowMs: number): void {
  const materials = listMaterials(store, key);
  const pending = materials.find(isPendingRotation);
  if (pending === undefined) return;
  for (const material of materials) {
    if (material.record.state !== 'CURRENT') continue;
    material.record.state = 'NON_CURRENT';
    store.materials.save(material);
  }
  Object.assign(pending.record, { state: 'CURRENT', rotationType: 'ON_DEMAND', rotationMs: nowMs });
  store.materials.save(pending);
}
