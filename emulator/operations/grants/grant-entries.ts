import { randomBytes } from 'node:crypto';
import type * as z from 'zod/mini';
import type * as shapes from '../../../shared/declaration/shapes.ts';
import { findPartition } from '../../core/arn.ts';
import type { Grant, GrantRecord } from '../../core/grant-record.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';

export type GrantListEntry = z.output<ReturnType<typeof shapes.grants>>[number];

/** Of one key (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#grants-per-key). */
const maxGrants = 50_000;
const grantIdPattern = /^[0-9a-f]{64}$/;

export function buildIssuingAccountArn(account: string, region: string): string {
  return `arn:${findPartition(region)}:iam::${account}:root`;
}

/**
 * The grant of a request: a new one, or, where it has a name, the one that the same request made before. A name makes a
 * call repeatable and nothing else: with other parameters it makes another grant.
 */
export function findOrInsertGrant(store: Store, key: Key, record: GrantRecord): Grant {
  const twins = record.Name === undefined ? [] : store.grants.listByName(key.seq, record.Name);
  const twin = twins.find((grant) => contentOf(grant.record) === contentOf(record));
  if (twin !== undefined) return twin;
  if (store.grants.countByKey(key.seq) >= maxGrants) {
    throw new KmsError('LimitExceededException', `Grants per key quota is ${maxGrants} for key ${key.arn}.`);
  }
  return store.grants.insert(key.seq, randomBytes(32).toString('hex'), record);
}

/** All that a request says, whatever the order of operations and of context pairs. */
function contentOf({ createdMs: _, Operations, ...rest }: GrantRecord): string {
  return JSON.stringify({ ...rest, Operations: [...Operations].sort() }, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

export function checkGrantId(grantId: string | undefined): void {
  if (grantId !== undefined && !grantIdPattern.test(grantId)) {
    throw new KmsError('InvalidGrantIdException', 'The grant ID is not valid.');
  }
}

/** Throws InvalidGrantIdException or NotFoundException. */
export function findGrant(store: Store, key: Key, grantId: string): Grant {
  checkGrantId(grantId);
  const grant = store.grants.find(key.seq, grantId);
  if (grant === undefined)
    throw new KmsError('NotFoundException', `Grant '${grantId}' of key '${key.arn}' is not found`);
  return grant;
}

export function toGrantEntry(key: Key, { grantId, record }: Grant): GrantListEntry {
  const { createdMs, Name, Operations, ...rest } = record;
  return {
    ...rest,
    KeyId: key.arn,
    GrantId: grantId,
    // AWS answers an empty name where there is none.
    Name: Name ?? '',
    CreationDate: new Date(createdMs),
    Operations: [...Operations],
  };
}
