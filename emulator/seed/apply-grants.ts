import type { Key } from '../core/key-record.ts';
import { buildIssuingAccount } from '../operations/grants/find-or-insert-grant.ts';
import type { Store } from '../store/store.ts';
import type { SeedGrant } from './seed-grant.ts';

/** Replaces a key's grants with the grants in the seed. Call it inside a transaction. */
export function applyGrants(store: Store, key: Key, grants: readonly SeedGrant[]): void {
  store.grants.removeByKey(key.seq);
  for (const { GrantId, CreationDate, ...record } of grants) {
    store.grants.insert(key.seq, GrantId, {
      ...record,
      IssuingAccount: buildIssuingAccount(key.account, key.region),
      createdMs: CreationDate?.getTime() ?? key.record.createdMs,
    });
  }
}
