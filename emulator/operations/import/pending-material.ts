import type { Key, MaterialRecord } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { formatMaterialId } from '../../keys/key-material.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';
import { relatedKeys } from '../replicas/multi-region.ts';

/**
 * The materials of a key with origin EXTERNAL
 * (https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-import-key-material.html). Those that are or were
 * current belong to it for good: it works only while all of them are there. One that is pending rotation does not yet.
 * All functions that change something are for use inside a transaction; the caller saves the key.
 */
export function materialsOf(store: Store, key: Key): Material[] {
  return store.materials.listByKey(key.seq).filter(({ record }) => record.state !== 'DETACHED');
}

export function isPending({ record }: Material): boolean {
  return record.state === 'PENDING_ROTATION';
}

/**
 * Related multi-Region keys have the same materials: what is imported into the primary belongs to its replicas too, which
 * lack it until the same bytes are imported there. Each keeps its own expiry and description
 * (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-import.html).
 */
export function associateMaterials(store: Store, primary: Key, replica: Key): void {
  const known = new Set(materialsOf(store, replica).map(formatMaterialId));
  for (const material of materialsOf(store, primary)) {
    if (known.has(formatMaterialId(material)) || !material.isPresent) continue;
    const { validToMs: _, description: __, ...record } = material.record;
    store.materials.erase(
      store.materials.insert(replica.seq, material.materialId, store.materials.open(material), record),
    );
  }
}

type MaterialState = Exclude<MaterialRecord['state'], 'DETACHED'> | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

/** AWS's KeyMaterialState: material that waits for rotation waits first for its import into every replica. */
export function materialStateOf(store: Store, key: Key, material: Material): MaterialState {
  if (isPending(material) && !isInAllRegions(store, key, material)) return 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  return material.record.state as Exclude<typeof material.record.state, 'DETACHED'>;
}

function isInAllRegions(store: Store, key: Key, material: Material): boolean {
  return relatedKeys(store, key).every((related) => twinOf(store, related, material)?.isPresent);
}

/** The same material in a related key. */
function twinOf(store: Store, related: Key, material: Material): Material | undefined {
  return materialsOf(store, related).find((other) => formatMaterialId(other) === formatMaterialId(material));
}

/** Whether the key waits for import: no material yet, or some of what belongs to it is missing. */
export function lacksMaterial(store: Store, key: Key): boolean {
  const own = materialsOf(store, key).filter((material) => !isPending(material));
  return own.length === 0 || own.some(({ isPresent }) => !isPresent);
}

/** What KeyMetadata says of the expiry of imported material: of that which belongs to the key for good and is there. */
export function expiryOf(store: Store, key: Key): { ExpirationModel?: ExpirationModel; ValidTo?: Date } {
  const present = materialsOf(store, key).filter((material) => material.isPresent && !isPending(material));
  if (present.length === 0) return {};
  const validToMs = earliest(present);
  return { ExpirationModel: modelOf(validToMs), ...(validToMs === undefined ? {} : { ValidTo: new Date(validToMs) }) };
}

type ExpirationModel = 'KEY_MATERIAL_EXPIRES' | 'KEY_MATERIAL_DOES_NOT_EXPIRE';

export function modelOf(validToMs: number | undefined): ExpirationModel {
  return validToMs === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
}

/**
 * Deletes material, as DeleteImportedKeyMaterial and its expiry do. What waits for rotation goes altogether, from a primary
 * with that of its replicas; all else, and what a replica has, can be imported again.
 */
export function deleteMaterial(store: Store, key: Key, material: Material): void {
  if (isPending(material) && key.record.replicaOf === undefined) {
    removePending(store, key, material);
  } else {
    store.materials.erase(material);
    delete material.record.validToMs;
    store.materials.save(material);
    const works = key.record.state === 'Enabled' || key.record.state === 'Disabled';
    if (works && !isPending(material)) key.record.state = 'PendingImport';
  }
  noteExpiry(store, key);
}

function removePending(store: Store, primary: Key, material: Material): void {
  for (const related of relatedKeys(store, primary)) {
    const twin = twinOf(store, related, material);
    if (twin === undefined) continue;
    store.materials.remove(twin);
    if (related.seq === primary.seq) continue;
    noteExpiry(store, related);
    store.keys.save(related);
  }
}

export function deleteExpiredMaterial(store: Store, key: Key, nowMs: number): void {
  for (const material of materialsOf(store, key)) {
    const { validToMs } = material.record;
    if (validToMs !== undefined && validToMs <= nowMs) deleteMaterial(store, key, material);
  }
}

/** RotateKeyOnDemand: the material that waits for it becomes the current one, in every Region of a multi-Region key. */
export function rotateToPending(store: Store, key: Key, nowMs: number): void {
  const pending = materialsOf(store, key).find(isPending);
  if (pending === undefined || !isInAllRegions(store, key, pending)) {
    throw new KmsError(
      'KMSInvalidStateException',
      `No available key material pending rotation for the key: ${key.arn}.`,
    );
  }
  for (const related of relatedKeys(store, key)) makePendingCurrent(store, related, nowMs);
}

function makePendingCurrent(store: Store, key: Key, nowMs: number): void {
  const materials = materialsOf(store, key);
  const pending = materials.find(isPending);
  if (pending === undefined) return;
  for (const material of materials) {
    if (material.record.state !== 'CURRENT') continue;
    material.record.state = 'NON_CURRENT';
    store.materials.save(material);
  }
  Object.assign(pending.record, { state: 'CURRENT', rotationType: 'ON_DEMAND', rotationMs: nowMs });
  store.materials.save(pending);
}

/** Keeps, with the key, when its next material expires. */
export function noteExpiry(store: Store, key: Key): void {
  const expiresMs = earliest(materialsOf(store, key).filter(({ isPresent }) => isPresent));
  if (expiresMs === undefined) delete key.record.materialExpiresMs;
  else key.record.materialExpiresMs = expiresMs;
}

function earliest(materials: readonly Material[]): number | undefined {
  const moments = materials.flatMap(({ record }) => record.validToMs ?? []);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
