import type { Key } from '../core/key-record.ts';
import type { Material } from '../store/material-table.ts';
import type { OperationContext } from './operation-context.ts';

/** The key and the key material that a symmetric ciphertext was encrypted with. */
export interface CiphertextKey {
  readonly key: Key;
  readonly material: Material;
}

/**
 * Finds the key in this Region that owns a key material. Replicas of a multi-Region key own the same material. If
 * `named` is set, considers only that key.
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
