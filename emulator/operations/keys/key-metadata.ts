import type * as z from 'zod/mini';
import type * as shapes from '../../../shared/declaration/shapes.ts';
import type { Key } from '../../core/key-record.ts';
import { keySpecs, listAlgorithms } from '../../crypto/key-specs.ts';
import { formatMaterialId } from '../../keys/key-material.ts';
import type { Store } from '../../store/store.ts';
import { buildExpiryMembers } from '../import/material-expiry.ts';
import { buildKeyStoreMembers, isInKeyStore } from '../key-stores/keys-in-key-stores.ts';
import { buildMultiRegionConfiguration } from '../replicas/related-keys.ts';

export type KeyMetadata = z.output<ReturnType<typeof shapes.keyMetadata>>;

/** KeyMetadata as KMS answers it for such a key. */
export function buildKeyMetadata(store: Store, key: Key): KeyMetadata {
  const { record } = key;
  const row = keySpecs[record.keySpec];
  // AWS names the material of symmetric keys only, outside of custom key stores: no others rotate.
  const rotates = row.family === 'SYMMETRIC' && !isInKeyStore(record.origin);
  const material = rotates ? store.materials.findCurrent(key.seq) : undefined;
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
    KeyManager: 'CUSTOMER',
    // AWS gives both names the same value, also for specs that the older one's enumeration does not know.
    CustomerMasterKeySpec: record.keySpec as KeyMetadata['CustomerMasterKeySpec'],
    KeySpec: record.keySpec,
    ...listAlgorithms(row, record.keyUsage),
    ...buildKeyStoreMembers(store, key),
    MultiRegion: record.multiRegion,
    MultiRegionConfiguration: buildMultiRegionConfiguration(store, key),
    PendingDeletionWindowInDays: record.state === 'PendingReplicaDeletion' ? record.pendingWindowDays : undefined,
    CurrentKeyMaterialId: material === undefined ? undefined : formatMaterialId(material),
  };
}
