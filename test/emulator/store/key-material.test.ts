import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GrantRecord } from '../../../emulator/core/grant-record.ts';
import type { KeyRecord } from '../../../emulator/core/key-record.ts';
import type { Material } from '../../../emulator/store/material-table.ts';
import { openStore, type Store } from '../../../emulator/store/store.ts';
import { StoreError } from '../../../emulator/store/store-error.ts';

const record: KeyRecord = {
  keySpec: 'SYMMETRIC_DEFAULT',
  keyUsage: 'ENCRYPT_DECRYPT',
  origin: 'EXTERNAL',
  multiRegion: false,
  createdMs: 0,
  description: '',
  state: 'Enabled',
  onDemandRotations: 0,
};
const bytes = Buffer.alloc(32, 'key material ');
const wrong = expect.objectContaining({
  name: 'StoreError',
  message: 'cannot decrypt the key material: it was encrypted under another master key, or the store is damaged',
});

let store: Store;
beforeEach(() => {
  store = openStore(undefined);
});
afterEach(() => store.close());

/** Inserts keys that each have one material, all with the same bytes. */
function insertMaterials(count: number): Material[] {
  return store.write(() =>
    Array.from({ length: count }, (_, index) => {
      const { seq } = store.keys.insert('000000000000', 'us-east-1', `key-${index}`, record);
      return store.materials.insert(seq, Buffer.alloc(32, index), bytes, { state: 'CURRENT' });
    }),
  );
}

/** Returns the stored form of every material: a version, an IV of 12 bytes, the encrypted bytes, and a tag of 16 bytes. */
function listSealed(): Buffer[] {
  const { materials = [] } = store.snapshot().tables;
  return materials.map(({ sealed }) => Buffer.from((sealed as { base64: string }).base64, 'base64'));
}

describe('stored key material', () => {
  test('stored key material has a new IV each time it is stored, even if the bytes are the same', () => {
    const materials = insertMaterials(20);
    const ivs = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      for (const sealed of listSealed()) ivs.add(sealed.toString('hex', 1, 13));
      store.write(() => {
        for (const material of materials) {
          store.materials.erase(material);
          store.materials.restore(material, bytes);
        }
      });
    }
    expect(ivs.size).toBe(60);
    for (const material of materials) expect(store.materials.open(material)).toEqual(bytes);
  });

  test.for([
    ['erased', (material: Material) => store.materials.erase(material)],
    ['removed', (material: Material) => store.materials.remove(material)],
  ] as const)('stored key material that was %s cannot be opened, even if it was opened before', ([, remove]) => {
    const [material] = insertMaterials(1) as [Material];
    expect(store.materials.open(material)).toEqual(bytes);
    store.write(() => remove(material));
    expect(() => store.materials.open(material)).toThrow();
  });

  test("stored key material is removed together with its key, and so are the key's policy, tags and grants", () => {
    const [material] = insertMaterials(1) as [Material];
    const key = store.keys.findBySeq(material.keySeq)!;
    const grant = { GranteePrincipal: 'a', Operations: ['Encrypt'] } as unknown as GrantRecord;
    store.write(() => {
      store.policies.put(key.seq, '{}');
      store.tags.put(key.seq, { TagKey: 'a', TagValue: 'b' });
      store.grants.insert(key.seq, 'grant', grant);
    });
    store.write(() => store.keys.remove(key));
    for (const [table, rows] of Object.entries(store.snapshot().tables)) expect(rows, table).toEqual([]);
  });

  test('stored key material stays available if a transaction that erases it fails', () => {
    const [material] = insertMaterials(1) as [Material];
    expect(() =>
      store.write(() => {
        store.materials.erase(material);
        throw new Error('fails later');
      }),
    ).toThrow('fails later');
    expect(store.materials.open(material)).toEqual(bytes);
  });

  test('stored key material is converted only once while it is open', () => {
    const [material] = insertMaterials(1) as [Material];
    const convert = () => ({});
    expect(store.materials.openAs(material, convert)).toBe(store.materials.openAs(material, convert));
  });

  test('stored key material of more than 1,000 keys can be opened in any order', () => {
    const materials = insertMaterials(1_005);
    for (const material of [...materials, ...materials.toReversed()]) {
      expect(store.materials.open(material).equals(bytes)).toBe(true);
    }
  });
});

describe('sealed bytes', () => {
  test('sealed bytes are different each time', () => {
    const sealed = Array.from({ length: 200 }, () => store.seal('label', bytes).toString('hex', 1, 13));
    expect(new Set(sealed).size).toBe(200);
  });

  test('sealed bytes do not contain the plaintext, and are as long as the version, IV, plaintext and tag', () => {
    const sealed = store.seal('label', bytes);
    expect(sealed).toHaveLength(1 + 12 + bytes.length + 16);
    expect(sealed[0]).toBe(1);
    expect(sealed.includes(bytes.subarray(0, 8))).toBe(false);
    expect(store.unseal('label', sealed)).toEqual(bytes);
  });

  test('sealed bytes cannot be opened under another label or by another store', () => {
    const sealed = store.seal('label', bytes);
    expect(() => store.unseal('labels', sealed)).toThrow(wrong);
    const other = openStore(undefined);
    expect(() => other.unseal('label', sealed)).toThrow(wrong);
    other.close();
  });

  test('sealed bytes cannot be opened if any byte was changed', () => {
    const sealed = store.seal('label', bytes);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => store.unseal('label', changed), `byte ${index}`).toThrow(wrong);
    }
  });

  test('sealed bytes cannot be opened if they are shorter or longer', () => {
    const sealed = store.seal('label', bytes);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => store.unseal('label', sealed.subarray(0, length)), `${length} bytes`).toThrow(StoreError);
    }
    expect(() => store.unseal('label', Buffer.concat([sealed, Buffer.of(0)]))).toThrow(wrong);
  });
});
