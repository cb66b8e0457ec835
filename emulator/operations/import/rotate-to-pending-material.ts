import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';
import { deleteExpiredMaterial } from './delete-material.ts';
import { isInAllRegions, isPendingRotation, listMaterials } from './imported-materials.ts';
import { updateExpiry } from './material-expiry.ts';

/**
 * Makes the material that is pending rotation current, in every Region of a multi-Region key. Throws
 * KMSInvalidStateException if no material is pending rotation, or if it has not been imported into every replica. Call
 * it inside a transaction, and then save the key.
 */
export function rotateToPendingMaterial(store: Store, key: Key, nowMs: number): void {
  requirePendingMaterial(store, key);
  for (const related of listRelatedKeys(store, key)) {
    const isSame = related.seq === key.seq;
    makePendingCurrent(store, isSame ? key : related, nowMs);
    if (!isSame) store.keys.save(related);
  }
}

function requirePendingMaterial(store: Store, key: Key): void {
  const pending = listMaterials(store, key).find(isPendingRotation);
  if (pending === undefined) {
    throw new KmsError(
      'KMSInvalidStateException',
      `No available key material pending rotation for the key: ${key.arn}.`,
    );
  }
  if (!isInAllRegions(store, key, pending)) {
    throw new KmsError(
      'KMSInvalidStateException',
      'Cannot perform key material rotation: Key material has not been imported for replicas of the Multi-Region key.',
    );
  }
}

/** Material that expired while it was pending rotation is deleted when it becomes current (recorded from AWS). */
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
  updateExpiry(store, key);
  deleteExpiredMaterial(store, key, nowMs);
}
