import { randomBytes } from 'node:crypto';
import { isObject } from '../../../shared/declaration/json-object.ts';
import { findPartition } from '../../core/arn.ts';
import type { Grant, GrantRecord } from '../../core/grant-record.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';

/**
 * The maximum number of grants per key
 * (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#grants-per-key).
 */
const maxGrants = 50_000;

/** Builds a grant's IssuingAccount, which is the root ARN of the account that creates the grant. */
export function buildIssuingAccount(account: string, region: string): string {
  return `arn:${findPartition(region)}:iam::${account}:root`;
}

/**
 * Inserts a grant. If an identical request with a name already created a grant, returns that grant instead. The same
 * name with different parameters creates another grant. Throws LimitExceededException if the key has too many grants.
 * Call it inside a transaction.
 */
export function findOrInsertGrant(store: Store, key: Key, record: GrantRecord): Grant {
  const candidates = record.Name === undefined ? [] : store.grants.listByName(key.seq, record.Name);
  const existing = candidates.find((grant) => serializeRequest(grant.record) === serializeRequest(record));
  if (existing !== undefined) return existing;
  if (store.grants.countByKey(key.seq) >= maxGrants) {
    throw new KmsError('LimitExceededException', `Grants per key quota is ${maxGrants} for key ${key.arn}.`);
  }
  return store.grants.insert(key.seq, randomBytes(32).toString('hex'), record);
}

/**
 * Serializes the request parameters. The order of operations and encryption context pairs does not affect the result.
 */
function serializeRequest({ createdMs: _, Operations, ...rest }: GrantRecord): string {
  return JSON.stringify({ ...rest, Operations: [...Operations].sort() }, (_name, value: unknown) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
