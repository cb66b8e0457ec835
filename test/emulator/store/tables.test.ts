import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Key, KeyRecord } from '../../../emulator/core/key-record.ts';
import { openStore, type Store } from '../../../emulator/store/store.ts';
import { StoreError } from '../../../emulator/store/store-error.ts';
import { makeDirectory, removeDirectory } from '../../support/project-copy.ts';

const record: KeyRecord = {
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  multiRegion: false,
  createdMs: 0,
  description: '',
  state: 'Enabled',
  onDemandRotations: 0,
};
const place = ['000000000000', 'us-east-1'] as const;
const usage = (usedMs: number) => ({ operation: 'Encrypt', usedMs, requestId: 'request', eventId: 'event' });

let directory = '';
let store: Store;
beforeEach(() => {
  directory = makeDirectory();
  store = openStore(join(directory, 'data'));
});
afterEach(() => {
  store.close();
  removeDirectory(directory);
});

const insertKey = (more: Partial<KeyRecord> = {}): Key =>
  store.write(() => store.keys.insert(...place, 'key', { ...record, ...more }));

describe('the last usage of a key', () => {
  test('the last usage of a key is in a snapshot, even if it is not written to disk yet', () => {
    store.lastUsages.record(insertKey(), usage(1));
    expect(store.snapshot().tables.last_usages).toMatchObject([{ used_ms: 1 }]);
  });

  test('the last usage of a key is the latest, even if another process writes an earlier one afterwards', () => {
    const key = insertKey();
    const other = openStore(join(directory, 'data'));
    store.lastUsages.record(key, usage(2));
    store.lastUsages.flush();
    other.lastUsages.record(key, usage(1));
    other.close();
    expect(store.lastUsages.find(key)).toMatchObject({ usedMs: 2 });
  });

  test('the last usage of a deleted key does not belong to a new key in its row', () => {
    const key = insertKey();
    store.lastUsages.record(key, usage(1));
    expect(store.lastUsages.find(key)).toMatchObject({ usedMs: 1 });
    expect(store.lastUsages.find({ seq: key.seq, keyId: 'another key' })).toBeUndefined();
  });
});

test('a key is due at the time of its deletion, and not before', () => {
  insertKey({ state: 'PendingDeletion', deletionMs: 1_000 });
  expect([999, 1_000, 1_001].map((nowMs) => store.keys.listDue(nowMs).length)).toEqual([0, 1, 1]);
  expect(store.keys.nextDueMs()).toBe(1_000);
});

test('an alias that is changed keeps its creation time, and has a new update time', () => {
  store.write(() => store.aliases.put(...place, 'alias/a', 'one', 1));
  store.write(() => store.aliases.put(...place, 'alias/a', 'two', 2));
  expect(store.aliases.find(...place, 'alias/a')).toEqual({
    name: 'alias/a',
    keyId: 'two',
    createdMs: 1,
    updatedMs: 2,
  });
});

test('a snapshot with another schema version is not restored, and the store keeps its content', () => {
  insertKey();
  const snapshot = store.snapshot();
  for (const version of [snapshot.store - 1, snapshot.store + 1]) {
    expect(() => store.restore({ ...snapshot, store: version })).toThrow(StoreError);
  }
  expect(store.snapshot()).toEqual(snapshot);
});
