import { dayMs, type Key } from '../../core/key-record.ts';
import type { Store } from '../../store/store.ts';
import { deleteExpiredMaterial } from '../import/delete-material.ts';
import { findPrimary, listRelatedKeys } from '../replicas/related-keys.ts';
import { rotateKey } from './rotate-key.ts';

/**
 * Applies the changes that are due by `nowMs`. Deletes keys whose waiting period has ended, rotates keys whose rotation
 * period has ended, and deletes imported material that has expired.
 */
export function applyDueTransitions(store: Store, nowMs: number): void {
  if (store.keys.nextDueMs() > nowMs) return;
  store.write(() => {
    // Repeat, because deleting the last replica can make the primary's deletion due.
    for (let due = store.keys.listDue(nowMs); due.length > 0; due = store.keys.listDue(nowMs)) {
      for (const key of due) {
        if (isDeletionDue(key, nowMs)) {
          deleteKey(store, key);
          continue;
        }
        deleteExpiredMaterial(store, key, nowMs);
        rotateIfDue(store, key, nowMs);
        store.keys.save(key);
      }
    }
  });
}

function isDeletionDue({ record }: Key, nowMs: number): boolean {
  return record.state === 'PendingDeletion' && record.deletionMs !== undefined && record.deletionMs <= nowMs;
}

/** Deletes a key and all its data (https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html). */
function deleteKey(store: Store, key: Key): void {
  store.aliases.removeByKey(key.account, key.region, key.keyId);
  store.keys.remove(key);
  if (key.record.replicaOf !== undefined) startWaitingPeriodOfPrimary(store, key);
}

/** Starts the primary's waiting period if the primary was waiting for the deletion of this last replica. */
function startWaitingPeriodOfPrimary(store: Store, replica: Key): void {
  const primary = findPrimary(store, replica);
  const { record } = primary;
  if (record.state !== 'PendingReplicaDeletion' || listRelatedKeys(store, primary).length > 1) return;
  record.state = 'PendingDeletion';
  record.deletionMs = (replica.record.deletionMs ?? 0) + (record.pendingWindowDays ?? 0) * dayMs;
  store.keys.save(primary);
}

/** Limits the time that one clock change takes. The period of 90 days ends 100 times in 25 years. */
const maxMissedRotations = 100;

/**
 * Rotates once for each rotation period that has ended, so that the rotation dates are the same as in AWS KMS. Only the
 * most recent rotations happen if the clock moves by more than the maximum number of periods.
 */
function rotateIfDue(store: Store, key: Key, nowMs: number): void {
  const { rotation, state } = key.record;
  if (rotation === undefined || state !== 'Enabled') return;
  const periodMs = rotation.periodDays * dayMs;
  const missed = Math.floor((nowMs - rotation.nextMs) / periodMs) + 1;
  rotation.nextMs += Math.max(missed - maxMissedRotations, 0) * periodMs;
  while (rotation.nextMs <= nowMs) {
    rotateKey(store, key, 'AUTOMATIC', rotation.nextMs);
    rotation.nextMs += periodMs;
  }
}
