import type { Key, MaterialRecord } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { computeMaterialId, formatMaterialId } from '../../keys/key-material.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { primaryOf, relatedKeys } from '../replicas/multi-region.ts';
import { associateMaterials, isPending, lacksMaterial, materialsOf, noteExpiry } from './pending-material.ts';

export interface MaterialImport {
  readonly bytes: Uint8Array;
  readonly importType: 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL' | undefined;
  /** The KeyMaterialId that the caller says it is. */
  readonly materialId: string | undefined;
  readonly validToMs: number | undefined;
  readonly description: string | undefined;
}

/**
 * Gives a key its first material, the same material again, or new material that waits for RotateKeyOnDemand. Returns its
 * KeyMaterialId. Inside a transaction; the caller saves the key.
 */
export function importMaterial(store: Store, key: Key, request: MaterialImport): string {
  const materialId = computeMaterialId(key.keyId, request.bytes);
  const id = materialId.toString('hex');
  if (request.materialId !== undefined && request.materialId !== id) {
    throw incorrect('The key material does not match the KeyMaterialId of the request.');
  }
  if (key.record.replicaOf !== undefined) associateMaterials(store, primaryOf(store, key), key);
  const known = materialsOf(store, key);
  const existing = known.find((material) => formatMaterialId(material) === id);
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#KMS-ImportKeyMaterial-request-ImportType
  const importType = request.importType ?? (known.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
  if (importType === 'EXISTING_KEY_MATERIAL') importAgain(store, existing, request);
  else importNew(store, key, known, existing, materialId, request);
  if (key.record.state === 'PendingImport' && !lacksMaterial(store, key)) key.record.state = 'Enabled';
  noteExpiry(store, key);
  return id;
}

function importAgain(store: Store, existing: Material | undefined, { bytes, ...request }: MaterialImport): void {
  if (existing === undefined) {
    throw incorrect('The key material is not the same as the key material that was imported before.');
  }
  store.materials.restore(existing, bytes);
  // A description that is not given anew stays.
  const description = request.description ?? existing.record.description;
  const { validToMs: _, ...record } = existing.record;
  store.materials.save({ ...existing, record: { ...record, ...factsOf({ ...request, description }) } });
}

function importNew(
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
  const pending = known.find(isPending);
  if (pending !== undefined) {
    const id = Buffer.from(materialId).toString('hex');
    throw new KmsError(
      'KMSInvalidStateException',
      `New key material (id: ${id}) cannot be imported into KMS key ${key.arn}, because another key material (id: ${formatMaterialId(pending)}) is pending rotation.`,
    );
  }
  // Only symmetric encryption keys rotate; that others name no ImportType was checked before.
  const state = known.length === 0 ? 'CURRENT' : 'PENDING_ROTATION';
  const record: MaterialRecord = { state, ...factsOf(request) };
  const detached = store.materials
    .listByKey(key.seq)
    .find((material) => Buffer.compare(material.materialId, materialId) === 0);
  if (detached === undefined) {
    store.materials.insert(key.seq, materialId, request.bytes, record);
  } else {
    store.materials.restore(detached, request.bytes);
    store.materials.save({ ...detached, record });
  }
  for (const related of relatedKeys(store, key)) associateMaterials(store, key, related);
}

function factsOf({
  validToMs,
  description,
}: Pick<MaterialImport, 'validToMs' | 'description'>): Partial<MaterialRecord> {
  return {
    ...(validToMs === undefined ? {} : { validToMs }),
    ...(description === undefined ? {} : { description }),
  };
}

function incorrect(message: string): KmsError {
  return new KmsError('IncorrectKeyMaterialException', message);
}
