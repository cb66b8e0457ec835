import { compact } from '../../../shared/declaration/json-object.ts';
import type { Key, MaterialRecord } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { computeMaterialId, formatMaterialId } from '../../keys/key-material.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { findPrimary, listRelatedKeys } from '../replicas/related-keys.ts';
import {
  associateMaterials,
  findInRelatedKey,
  isMaterialMissing,
  isPendingRotation,
  listMaterials,
} from './imported-materials.ts';
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
  if (request.materialId !== undefined && request.materialId !== id) throw unexpectedMaterial(request.materialId);
  if (key.record.replicaOf !== undefined) associateMaterials(store, findPrimary(store, key), key);
  const known = listMaterials(store, key);
  const existing = known.find((material) => formatMaterialId(material) === id);
  // The default ImportType depends on whether the key has material:
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#KMS-ImportKeyMaterial-request-ImportType
  const importType = request.importType ?? (known.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
  if (importType === 'EXISTING_KEY_MATERIAL') storeAgain(store, key, existing, request);
  else storeNew(store, key, known, existing, materialId, request);
  // An import also enables a disabled key (recorded from AWS).
  const needsEnabling = key.record.state === 'PendingImport' || key.record.state === 'Disabled';
  if (needsEnabling && !isMaterialMissing(store, key)) key.record.state = 'Enabled';
  updateExpiry(store, key);
  return id;
}

function storeAgain(
  store: Store,
  key: Key,
  existing: Material | undefined,
  { bytes, ...request }: MaterialImport,
): void {
  if (existing === undefined) {
    const current = store.materials.findCurrent(key.seq);
    throw current === undefined
      ? incorrect(`No key material has been imported into KMS key ${key.arn}.`)
      : unexpectedMaterial(formatMaterialId(current));
  }
  store.materials.restore(existing, bytes);
  // Keep the previous description if the request contains none, but always replace the expiry.
  const { description = existing.record.description, validToMs } = request;
  const { validToMs: _, ...record } = existing.record;
  store.materials.save({ ...existing, record: { ...record, ...compact({ validToMs, description }) } });
  if (request.description !== undefined) describeInReplicas(store, key, existing, request.description);
}

/** Replaces the description of a primary's material in its replicas, which return the primary's description. */
function describeInReplicas(store: Store, primary: Key, material: Material, description: string): void {
  for (const related of listRelatedKeys(store, primary)) {
    if (related.seq === primary.seq) continue;
    const found = findInRelatedKey(store, related, material);
    if (found !== undefined) store.materials.save({ ...found, record: { ...found.record, description } });
  }
}

function storeNew(
  store: Store,
  key: Key,
  known: readonly Material[],
  existing: Material | undefined,
  materialId: Uint8Array,
  request: MaterialImport,
): void {
  if (existing !== undefined) {
    throw incorrect(
      `Key material (id: ${formatMaterialId(existing)}) being imported as NEW_KEY_MATERIAL is already associated with KMS key ${key.arn}.`,
    );
  }
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

function unexpectedMaterial(expectedId: string): KmsError {
  return incorrect(`Imported key material does not have the expected identifier (${expectedId}).`);
}

function incorrect(message: string): KmsError {
  return new KmsError('IncorrectKeyMaterialException', message);
}
