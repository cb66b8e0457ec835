import { createHash } from 'node:crypto';
import type { Key, MaterialRecord } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { Material } from '../store/material-table.ts';
import type { Store } from '../store/store.ts';

/**
 * Computes the 32-byte KeyMaterialId of a key's material. The same bytes have the same id in every replica of the key.
 * It is a digest, so no two materials in a store share an id.
 */
export function computeMaterialId(keyId: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`kms-functions/material-id/v1 ${keyId} `).update(bytes).digest();
}

/** Formats a KeyMaterialId as in AWS KMS: 64 hexadecimal digits. */
export function formatMaterialId(material: Material): string {
  return Buffer.from(material.materialId).toString('hex');
}

/** Returns the material that a key encrypts and signs with. Throws KMSInvalidStateException if it is not imported. */
export function requireCurrentMaterial(store: Store, key: Key): Material {
  const material = store.materials.findCurrent(key.seq);
  if (!material?.isPresent) throw new KmsError('KMSInvalidStateException', `${key.arn} is pending import.`);
  return material;
}

/** Returns the bytes of the current material. Throws KMSInvalidStateException if it is not imported. */
export function openCurrentMaterial(store: Store, key: Key): Buffer {
  return store.materials.open(requireCurrentMaterial(store, key));
}

/** Adds a key material and makes it the current one. Call it in a transaction. */
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
