import type { Key } from '../core/key-record.ts';
import type { Material } from '../store/material-table.ts';
import type { OperationContext } from './operation-context.ts';

/** The key and key material that encrypted a symmetric ciphertext. */
export interface CiphertextKey {
  readonly key: Key;
  readonly material: Material;
}

/**
 * Finds the key in this Region that has the material with this id. Replicas of a multi-Region key share their material.
 * If `named` is set, considers only that key.
 */
export function findCiphertextKey(
  { store, region }: OperationContext,
  materialId: Uint8Array,
  named?: Key,
): CiphertextKey | undefined {
  for (const material of store.materials.listById(materialId)) {
    if (named !== undefined && material.keySeq !== named.seq) continue;
    const key = named ?? store.keys.findBySeq(material.keySeq);
    if (key?.region === region) return { key, material };
  }
  return undefined;
}
