import { findPartition } from '../../core/arn.ts';
import { findKnownPartition } from '../../core/aws-regions.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';
import type { Tag } from '../../store/tag-table.ts';
import { associateMaterials } from '../import/imported-materials.ts';

export interface NewReplica {
  readonly region: string;
  readonly description: string;
  readonly policy: string;
  readonly tags: readonly Tag[];
  readonly createdMs: number;
}

/**
 * Throws ValidationException unless the Region supports KMS, is in the primary's partition and is not the primary's
 * Region. All messages are recorded from AWS.
 */
export function checkReplicaRegion(primary: Key, region: string): void {
  const partition = findKnownPartition(region);
  if (partition === undefined) {
    throw invalid(`Region ${region} is not a valid Region or multi-Region keys are not supported in Region ${region}.`);
  }
  if (partition !== findPartition(primary.region)) {
    throw invalid('The replica key Region must be in the same AWS partition as the primary key Region.');
  }
  if (region === primary.region) throw invalid(`${region} cannot have a replica because it contains the primary.`);
}

function invalid(message: string): KmsError {
  return new KmsError('ValidationException', message);
}

/**
 * Creates a replica with its primary's material. If the material was imported, it must be imported into the replica
 * too. Call it inside a transaction.
 */
export function insertReplica(store: Store, primary: Key, replica: NewReplica): Key {
  const { keySpec, keyUsage, origin } = primary.record;
  const key = store.keys.insert(primary.account, replica.region, primary.keyId, {
    keySpec,
    keyUsage,
    origin,
    multiRegion: true,
    replicaOf: primary.region,
    createdMs: replica.createdMs,
    description: replica.description,
    state: origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled',
    onDemandRotations: 0,
  });
  if (origin === 'EXTERNAL') associateMaterials(store, primary, key);
  else copyMaterials(store, primary, key);
  store.policies.put(key.seq, replica.policy);
  for (const tag of replica.tags) store.tags.put(key.seq, tag);
  return key;
}

function copyMaterials(store: Store, primary: Key, replica: Key): void {
  for (const material of store.materials.listByKey(primary.seq)) {
    store.materials.insert(replica.seq, material.materialId, store.materials.open(material), material.record);
  }
}
