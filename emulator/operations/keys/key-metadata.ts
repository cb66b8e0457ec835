import type * as z from 'zod/mini';
import type * as shapes from '../../../shared/declaration/shapes.ts';
import { isInKeyStore } from '../../core/key-origin.ts';
import type { Key } from '../../core/key-record.ts';
import { keySpecs, listAlgorithms } from '../../crypto/key-specs.ts';
import { formatMaterialId } from '../../keys/key-material.ts';
import type { Store } from '../../store/store.ts';
import { buildExpiryMembers } from '../import/material-expiry.ts';
import { findKeyStoreOfKey } from '../key-stores/find-key-store.ts';
import { findPrimary, listRelatedKeys } from '../replicas/related-keys.ts';

type KeyMetadata = z.output<ReturnType<typeof shapes.keyMetadata>>;

/** Builds a key's KeyMetadata. */
export function buildKeyMetadata(store: Store, key: Key): KeyMetadata {
  const { record } = key;
  const row = keySpecs[record.keySpec];
  // AWS returns the material id only for keys that can rotate.
  const canRotate = row.family === 'SYMMETRIC' && !isInKeyStore(record.origin);
  const material = canRotate ? store.materials.findCurrent(key.seq) : undefined;
  return {
    AWSAccountId: key.account,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: new Date(record.createdMs),
    Enabled: record.state === 'Enabled',
    Description: record.description,
    KeyUsage: record.keyUsage,
    KeyState: record.state,
    DeletionDate: record.deletionMs === undefined ? undefined : new Date(record.deletionMs),
    Origin: record.origin,
    ...(record.origin === 'EXTERNAL' ? buildExpiryMembers(store, key) : {}),
    KeyManager: record.manager ?? 'CUSTOMER',
    // AWS returns the key spec under both names, even if the deprecated enumeration does not contain it.
    CustomerMasterKeySpec: record.keySpec,
    KeySpec: record.keySpec,
    ...listAlgorithms(row, record.keyUsage),
    ...buildKeyStoreMembers(store, key),
    MultiRegion: record.multiRegion,
    MultiRegionConfiguration: buildMultiRegionConfiguration(store, key),
    PendingDeletionWindowInDays: record.state === 'PendingReplicaDeletion' ? record.pendingWindowDays : undefined,
    CurrentKeyMaterialId: material === undefined ? undefined : formatMaterialId(material),
  };
}

/** Builds the members that KeyMetadata contains only for keys in custom key stores. */
function buildKeyStoreMembers(store: Store, key: Key): Partial<KeyMetadata> {
  const { customKeyStoreId, xksKeyId } = key.record;
  if (customKeyStoreId === undefined) return {};
  return {
    CustomKeyStoreId: customKeyStoreId,
    CloudHsmClusterId: findKeyStoreOfKey(store, key)?.record.clusterId,
    XksKeyConfiguration: xksKeyId === undefined ? undefined : { Id: xksKeyId },
  };
}

function buildMultiRegionConfiguration(store: Store, key: Key): KeyMetadata['MultiRegionConfiguration'] {
  if (!key.record.multiRegion) return undefined;
  const toEntry = ({ arn, region }: Key) => ({ Arn: arn, Region: region });
  return {
    MultiRegionKeyType: key.record.replicaOf === undefined ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: toEntry(findPrimary(store, key)),
    ReplicaKeys: listRelatedKeys(store, key)
      .filter(({ record }) => record.replicaOf !== undefined)
      .map(toEntry),
  };
}
