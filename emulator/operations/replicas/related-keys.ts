import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';

/**
 * Related multi-Region keys share one key id in several Regions
 * (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html). Each key has its own record
 * and rows, and its own copy of the material. The other shared properties are in the primary's record.
 */

/**
 * Returns a multi-Region key's primary and replicas, sorted by Region. For a single-Region key, returns only the key
 * itself.
 */
export function listRelatedKeys(store: Store, key: Key): Key[] {
  return key.record.multiRegion ? store.keys.listRelated(key.account, key.keyId) : [key];
}

/** Returns a replica's primary, or the key itself if it is not a replica. */
export function findPrimary(store: Store, key: Key): Key {
  const { replicaOf } = key.record;
  return (replicaOf === undefined ? undefined : store.keys.find(key.account, replicaOf, key.keyId)) ?? key;
}

/**
 * Throws UnsupportedOperationException if the key is a replica. The primary contains the rotation settings of all
 * replicas.
 */
export function requirePrimary({ arn, record }: Key, operation: KeyOperation): void {
  if (record.replicaOf === undefined) return;
  throw new KmsError(
    'UnsupportedOperationException',
    `${arn} is a multi-region replica key which is not valid for ${operation}.`,
  );
}

/** Returns whether the key is the primary of a multi-Region key. */
export function isMultiRegionPrimary({ record }: Key): boolean {
  return record.multiRegion && record.replicaOf === undefined;
}
