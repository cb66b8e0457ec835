import { createHash } from 'node:crypto';
import type { Key, MaterialRecord } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import type { Material } from '../store/material-table.ts';
import type { Store } from '../store/store.ts';

/**
 * AWS's KeyMaterialId: 32 bytes that name a material of a key, the same for the same bytes and in every replica.
 * A digest, so that no two materials of a store share one.
 */
export function materialIdOf(keyId: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`kms-functions/material-id/v1 ${keyId} `).update(bytes).digest();
}

/** As KMS writes it: 64 hexadecimal digits. */
export function materialIdText(material: Material): string {
  return Buffer.from(material.materialId).toString('hex');
}

/** The material that a key encrypts and signs with. */
export function currentMaterial(store: Store, key: Key): Material {
  const material = store.materials.findCurrent(key.seq);
  if (!material?.isPresent) throw new KmsError('KMSInvalidStateException', `${key.arn} is pending import.`);
  return material;
}

/** The bytes of the current material. */
export function openCurrentMaterial(store: Store, key: Key): Buffer {
  return store.materials.open(currentMaterial(store, key));
}

/** Gives a key its first material, or a new current one. Inside a transaction. */
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
  store.materials.insert(key.seq, materialIdOf(key.keyId, bytes), bytes, { state: 'CURRENT', ...rotation });
}
