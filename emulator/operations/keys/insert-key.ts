import { randomBytes, randomUUID } from 'node:crypto';
import type { Key, KeyRecord } from '../../core/key-record.ts';
import { addCurrentMaterial } from '../../keys/key-material.ts';
import type { Store } from '../../store/store.ts';
import type { Tag } from '../../store/tag-table.ts';

export interface NewKey {
  readonly account: string;
  readonly region: string;
  readonly keyId: string;
  readonly record: KeyRecord;
  /** `undefined` for a key that is pending import. */
  readonly material: Uint8Array | undefined;
  readonly policy: string;
  readonly tags: readonly Tag[];
}

export function generateKeyId(multiRegion: boolean): string {
  return multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID();
}

/** Inserts a key with its material, policy and tags. Call it inside a transaction. */
export function insertKey(store: Store, { account, region, keyId, record, material, policy, tags }: NewKey): Key {
  const key = store.keys.insert(account, region, keyId, record);
  if (material !== undefined) addCurrentMaterial(store, key, material);
  store.policies.put(key.seq, policy);
  for (const tag of tags) store.tags.put(key.seq, tag);
  return key;
}
