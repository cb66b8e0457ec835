import type { Key } from '../core/key-record.ts';
import { defaultPolicy } from '../operations/policies/key-policy.ts';
import { relatedKeys } from '../operations/replicas/multi-region.ts';
import { insertReplica } from '../operations/replicas/replica.ts';
import type { Store } from '../store/store.ts';

/**
 * A seeded multi-Region key has replicas in these Regions and in no others, made from nothing but the primary: what a
 * replica was given since is gone. Inside a transaction.
 */
export function applyReplicas(store: Store, primary: Key, regions: readonly string[]): void {
  for (const key of relatedKeys(store, primary)) {
    if (key.seq === primary.seq) continue;
    store.aliases.removeByKey(key.account, key.region, key.keyId);
    store.keys.remove(key);
  }
  for (const region of regions) {
    const policy = defaultPolicy(primary.account, region);
    const { createdMs } = primary.record;
    insertReplica(store, primary, { region, description: '', policy, tags: [], createdMs });
  }
}
