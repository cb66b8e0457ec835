import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';
import type { KeyMetadata } from '../keys/key-metadata.ts';

/**
 * Multi-Region keys (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html): keys of one
 * id in several Regions. Each has a record and rows of its own, for what it does not share; material is copied to all of
 * them, and what else they share stands in the primary's record.
 */

/** The primary and its replicas, by Region; of a single-Region key itself alone. */
export function listRelatedKeys(store: Store, key: Key): Key[] {
  return key.record.multiRegion ? store.keys.listRelated(key.account, key.keyId) : [key];
}

/** The primary of a replica; any other key is its own. */
export function findPrimary(store: Store, key: Key): Key {
  const { replicaOf } = key.record;
  return (replicaOf === undefined ? undefined : store.keys.find(key.account, replicaOf, key.keyId)) ?? key;
}

/** Rotation is set on the primary, for all its replicas. */
export function requirePrimary(key: Key): void {
  if (key.record.replicaOf !== undefined) throw notPrimary(key);
}

/** Only the primary of a multi-Region key is replicated, or gives its place to a replica. */
export function requireMultiRegionPrimary(key: Key): void {
  if (!key.record.multiRegion) throw notPrimary(key);
  requirePrimary(key);
}

function notPrimary(key: Key): KmsError {
  return new KmsError('UnsupportedOperationException', `${key.arn} is not a multi-Region primary key.`);
}

export function buildMultiRegionConfiguration(store: Store, key: Key): KeyMetadata['MultiRegionConfiguration'] {
  if (!key.record.multiRegion) return undefined;
  const placeOf = ({ arn, region }: Key) => ({ Arn: arn, Region: region });
  const primary = findPrimary(store, key);
  return {
    MultiRegionKeyType: key.record.replicaOf === undefined ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: placeOf(primary),
    ReplicaKeys: listRelatedKeys(store, key)
      .filter(({ record }) => record.replicaOf !== undefined)
      .map(placeOf),
  };
}
