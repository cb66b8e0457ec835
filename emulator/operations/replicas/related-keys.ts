import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';

/**
 * Multi-Region keys share one id in several Regions
 * (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html). Each has its own record and
 * rows. Material is copied to every related key. Other shared properties are in the record of the primary.
 */

/** Returns the primary and its replicas, sorted by Region. Returns only the key itself for a single-Region key. */
export function listRelatedKeys(store: Store, key: Key): Key[] {
  return key.record.multiRegion ? store.keys.listRelated(key.account, key.keyId) : [key];
}

/** Returns the primary of a replica, or the key itself if it is not a replica. */
export function findPrimary(store: Store, key: Key): Key {
  const { replicaOf } = key.record;
  return (replicaOf === undefined ? undefined : store.keys.find(key.account, replicaOf, key.keyId)) ?? key;
}

/** Throws UnsupportedOperationException for a replica: the primary has the rotation settings for all its replicas. */
export function requirePrimary(key: Key): void {
  if (key.record.replicaOf !== undefined) throw createNotPrimary(key);
}

/** Throws UnsupportedOperationException unless the key is the primary of a multi-Region key. */
export function requireMultiRegionPrimary(key: Key): void {
  if (!key.record.multiRegion) throw createNotPrimary(key);
  requirePrimary(key);
}

function createNotPrimary(key: Key): KmsError {
  return new KmsError('UnsupportedOperationException', `${key.arn} is not a multi-Region primary key.`);
}
