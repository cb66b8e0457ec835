import { createHash } from 'node:crypto';
import type { Key, MaterialRecord } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { Material } from '../store/material-table.ts';
import type { Store } from '../store/store.ts';

/**
 * Computes the 32-byte KeyMaterialId, which is a digest of the key id and the material. It is the same in every replica
 * of a multi-Region key. Different materials have different ids.
 */
export function computeMaterialId(keyId: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`kms-functions/material-id/v1 ${keyId} `).update(bytes).digest();
}

/** Formats a KeyMaterialId as KMS does: 64 hexadecimal digits. */
export function formatMaterialId(material: Material): string {
  return Buffer.from(material.materialId).toString('hex');
}

/**
 * Returns the material that the key encrypts and signs with. Throws KMSInvalidStateException if the material has not
 * been imported.
 */
export function requireCurrentMaterial(store: Store, key: Key): Material {
  const material = store.materials.findCurrent(key.seq);
  if (!material?.isPresent) throw new KmsError('KMSInvalidStateException', `${key.arn} is pending import.`);
  return material;
}

/** Returns the bytes of the current material. Throws KMSInvalidStateException if the material has not been imported. */
export function openCurrentMaterial(store: Store, key: Key): Buffer {
  return store.materials.open(requireCurrentMaterial(store, key));
}

/** Adds key material and makes it current. Call it inside a transaction. */
export function addCurrentMaterial(
  store: Store,
  key: Key,
  bytes: Uint8Array,
  rotation?: Pick<MaterialRecord, 'rotationType' | 'rotationMs'>,
): void {
  const previous = store.materials.findCurrent(key.seq);
  if (previous !== undefined) {
    previous.record.state = 'NON_CURRENT';
    store.materials.save(previous);
  }
  store.materials.insert(key.seq, computeMaterialId(key.keyId, bytes), bytes, { state: 'CURRENT', ...rotation });
}
