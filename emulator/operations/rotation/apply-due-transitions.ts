import { randomBytes } from 'node:crypto';
import { dayMs, type Key } from '../../core/key-record.ts';
import { addCurrentMaterial } from '../../keys/key-material.ts';
import type { Store } from '../../store/store.ts';
import { deleteExpiredMaterial } from '../import/pending-material.ts';
import { primaryOf, relatedKeys } from '../replicas/multi-region.ts';

const backingKeyBytes = 32;

/**
 * Does what time alone does to keys: deletes those whose waiting period is over, rotates those whose period is, deletes
 * imported material that has expired.
 */
export function applyDueTransitions(store: Store, nowMs: number): void {
  if (store.keys.nextDueMs() > nowMs) return;
  store.write(() => {
    // The deletion of a last replica can make its primary due.
    for (let due = store.keys.listDue(nowMs); due.length > 0; due = store.keys.listDue(nowMs)) {
      for (const key of due) {
        if (isDeletionDue(key, nowMs)) {
          deleteKey(store, key);
          continue;
        }
        deleteExpiredMaterial(store, key, nowMs);
        rotateWhenDue(store, key, nowMs);
        store.keys.save(key);
      }
    }
  });
}

function isDeletionDue({ record }: Key, nowMs: number): boolean {
  return record.state === 'PendingDeletion' && record.deletionMs !== undefined && record.deletionMs <= nowMs;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html: with all material, aliases, tags, policy. */
function deleteKey(store: Store, key: Key): void {
  store.aliases.removeByKey(key.account, key.region, key.keyId);
  store.keys.remove(key);
  if (key.record.replicaOf !== undefined) beginDeletionOfPrimary(store, key);
}

/** The waiting period of a primary begins when the last of its replicas is deleted. */
function beginDeletionOfPrimary(store: Store, replica: Key): void {
  const primary = primaryOf(store, replica);
  const { record } = primary;
  if (record.state !== 'PendingReplicaDeletion' || relatedKeys(store, primary).length > 1) return;
  record.state = 'PendingDeletion';
  record.deletionMs = (replica.record.deletionMs ?? 0) + (record.pendingWindowDays ?? 0) * dayMs;
  store.keys.save(primary);
}

/** One rotation for each period that has passed: the dates are those that KMS would have kept. */
function rotateWhenDue(store: Store, key: Key, nowMs: number): void {
  const { rotation, state } = key.record;
  if (rotation === undefined || state !== 'Enabled') return;
  while (rotation.nextMs <= nowMs) {
    rotate(store, key, 'AUTOMATIC', rotation.nextMs);
    rotation.nextMs += rotation.periodDays * dayMs;
  }
}

/** A new backing key, in every Region of a multi-Region key; the old ones still decrypt. Inside a transaction. */
export function rotate(store: Store, key: Key, rotationType: 'AUTOMATIC' | 'ON_DEMAND', rotationMs: number): void {
  const material = randomBytes(backingKeyBytes);
  for (const each of relatedKeys(store, key)) addCurrentMaterial(store, each, material, { rotationType, rotationMs });
}
