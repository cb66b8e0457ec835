import { randomBytes } from 'node:crypto';
import type { Key } from '../../core/key-record.ts';
import { addCurrentMaterial } from '../../keys/key-material.ts';
import type { Store } from '../../store/store.ts';
import { listRelatedKeys } from '../replicas/related-keys.ts';

const materialBytes = 32;

/**
 * Generates random material and makes it current, in every Region of a multi-Region key. The previous materials can
 * still decrypt. Call it inside a transaction.
 */
export function rotateKey(store: Store, key: Key, rotationType: 'AUTOMATIC' | 'ON_DEMAND', rotationMs: number): void {
  const material = randomBytes(materialBytes);
  for (const related of listRelatedKeys(store, key)) {
    addCurrentMaterial(store, related, material, { rotationType, rotationMs });
  }
}
