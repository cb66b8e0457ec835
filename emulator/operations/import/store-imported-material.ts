import { compact } from '../../../shared/declaration/json-object.ts';
import type { Key, MaterialRecord } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { computeMaterialId, formatMaterialId } from '../../keys/key-material.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { findPrimary, listRelatedKeys } from '../replicas/related-keys.ts';
import { associateMaterials, isMaterialMissing, isPendingRotation, listMaterials } from './imported-materials.ts';
import { updateExpiry } from './material-expiry.ts';

export interface MaterialImport {
  readonly bytes: Uint8Array;
  readonly importType: 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL' | undefined;
  /** The KeyMaterialId in the request. */
  readonly materialId: string | undefined;
  readonly validToMs: number | undefined;
  readonly description: string | undefined;
}

/**
 * Stores a key's first material, material that was imported before, or new material that RotateKeyOnDemand can make
 * current. Returns the KeyMaterialId. Call it inside a transaction, and then save the key.
 */
export function storeImportedMaterial(store: Store, key: Key, request: MaterialImport): string {
  const materialId = computeMaterialId(key.keyId, request.bytes);
  const id = materialId.toString('hex');
  if (request.materialId !== undefined && request.materialId !== id) {
    throw incorrect('The key material does not match the KeyMaterialId in the request.');
  }
  if (key.record.replicaOf !== undefined) associateMaterials(store, findPrimary(store, key), key);
  const known = listMaterials(store, key);
  const existing = known.find((material) => formatMaterialId(material) === id);
  // The default ImportType depends on whether the key has material:
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#KMS-ImportKeyMaterial-request-ImportType
  const importType = request.importType ?? (known.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
  if (importType === 'EXISTING_KEY_MATERIAL') storeAgain(store, existing, request);
  else storeNew(store, key, known, existing, materialId, request);
  if (key.record.state === 'PendingImport' && !isMaterialMissing(store, key)) key.record.state = 'Enabled';
  updateExpiry(store, key);
  return id;
}

function storeAgain(store: Store, existing: Material | undefined, { bytes, ...request }: MaterialImport): void {
  if (existing === undefined) {
    throw incorrect('The key material is not the same as the key material that was imported before.');
  }
  store.materials.restore(existing, bytes);
  // Keep the previous description if the request contains none, but always replace the expiry.
  const { description = existing.record.description, validToMs } = request;
  const { validToMs: _, ...record } = existing.record;
  store.materials.save({ ...existing, record: { ...record, ...compact({ validToMs, description }) } });
}

function storeNew(
  store: Store,
  key: Key,
  known: readonly Material[],
  existing: Material | undefined,
  materialId: Uint8Array,
  request: MaterialImport,
): void {
  if (key.record.replicaOf !== undefined) {
    throw new KmsError(
      'UnsupportedOperationException',
      `New key material is imported into the primary key first, not into replica ${key.arn}.`,
    );
  }
  if (existing !== undefined) throw incorrect('The key material is already associated with this key.');
  const pending = known.find(isPendingRotation);
  if (pending !== undefined) {
    const id = Buffer.from(materialId).toString('hex');
    throw new KmsError(
      'KMSInvalidStateException',
      `New key material (id: ${id}) cannot be imported into KMS key ${key.arn}, because another key material (id: ${formatMaterialId(pending)}) is pending rotation.`,
    );
  }
  // Only symmetric encryption keys can have several materials, because requests for other keys cannot contain
  // ImportType.
  const state = known.length === 0 ? 'CURRENT' : 'PENDING_ROTATION';
  const { validToMs, description } = request;
  const record: MaterialRecord = { state, ...compact({ validToMs, description }) };
  const detached = store.materials
    .listByKey(key.seq)
    .find((material) => Buffer.compare(material.materialId, materialId) === 0);
  if (detached === undefined) {
    store.materials.insert(key.seq, materialId, request.bytes, record);
  } else {
    store.materials.restore(detached, request.bytes);
    store.materials.save({ ...detached, record });
  }
  for (const related of listRelatedKeys(store, key)) associateMaterials(store, key, related);
}

function incorrect(message: string): KmsError {
  return new KmsError('IncorrectKeyMaterialException', message);
}
