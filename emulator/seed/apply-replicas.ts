import type { Key } from '../core/key-record.ts';
import { buildDefaultPolicy } from '../operations/policies/key-policy.ts';
import { insertReplica } from '../operations/replicas/insert-replica.ts';
import { listRelatedKeys } from '../operations/replicas/related-keys.ts';
import type { Store } from '../store/store.ts';

/**
 * Replaces a multi-Region key's replicas with new replicas in these Regions. Changes to the previous replicas are lost.
 * Call it inside a transaction.
 */
export function applyReplicas(store: Store, primary: Key, regions: readonly string[]): void {
  for (const key of listRelatedKeys(store, primary)) {
    if (key.seq === primary.seq) continue;
    store.aliases.removeByKey(key.account, key.region, key.keyId);
    store.keys.remove(key);
  }
  for (const region of regions) {
    const policy = buildDefaultPolicy(primary.account, region);
    const { createdMs } = primary.record;
    insertReplica(store, primary, { region, description: '', policy, tags: [], createdMs });
  }
}
