import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { BackingKey } from '../../../emulator/crypto/backing-key.ts';
import { decryptUnder, encryptUnder, readMaterialId } from '../../../emulator/crypto/formats/ciphertext.ts';

const bytes = randomBytes(32);
const materialId = randomBytes(32);
const context = { purpose: 'test' };

function encryptMany(count: number): Buffer[] {
  const backingKey = new BackingKey(bytes);
  return Array.from({ length: count }, (_, n) => encryptUnder(backingKey, materialId, Buffer.of(n % 256), context));
}

/** Counts the distinct values of bytes `from` to `to`. */
function countDistinct(ciphertexts: readonly Buffer[], from: number, to: number): number {
  return new Set(ciphertexts.map((each) => each.toString('hex', from, to))).size;
}

test('encryptUnder uses one salt for 128 consecutive messages and a new IV for each message', () => {
  const ciphertexts = encryptMany(300);
  expect(countDistinct(ciphertexts, 33, 49)).toBe(3);
  expect(countDistinct(ciphertexts, 49, 61)).toBe(300);
});

test('decryptUnder decrypts ciphertexts with different salts in any order, but only with the same backing key and context', () => {
  const ciphertexts = Array.from({ length: 40 }, () => encryptMany(2)).flat();
  expect(countDistinct(ciphertexts, 33, 49)).toBe(40);
  const backingKey = new BackingKey(bytes);
  for (const ciphertext of [...ciphertexts, ...ciphertexts.toReversed()]) {
    expect(decryptUnder(backingKey, ciphertext, context)).toHaveLength(1);
    expect(decryptUnder(backingKey, ciphertext, {})).toBeUndefined();
    expect(decryptUnder(new BackingKey(randomBytes(32)), ciphertext, context)).toBeUndefined();
  }
});

/** Decrypts as the documentation of the format describes. Stores from earlier versions contain such ciphertexts. */
function decryptAsDocumented(ciphertext: Buffer, pairs: readonly string[]): Buffer {
  const salt = ciphertext.subarray(33, 49);
  const label = 'kms-functions/ciphertext/v1';
  const input = Buffer.concat([
    Buffer.from([0, 0, 0, 1]),
    Buffer.from(label),
    Buffer.of(0),
    salt,
    Buffer.from([0, 0, 1, 0]),
  ]);
  const key = createHmac('sha256', bytes).update(input).digest();
  const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(49, 61));
  const texts = pairs.map((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  });
  decipher.setAAD(Buffer.concat([ciphertext.subarray(0, 61), ...texts])).setAuthTag(ciphertext.subarray(-16));
  return Buffer.concat([decipher.update(ciphertext.subarray(61, -16)), decipher.final()]);
}

test.for([
  [undefined, []],
  [{}, []],
  [{ b: '2', a: 'ü', '': '' }, ['', '', 'a', 'ü', 'b', '2']],
] as const)('encryptUnder uses the documented format with the context %j', ([given, pairs]) => {
  const ciphertext = encryptUnder(new BackingKey(bytes), materialId, Buffer.from('plaintext'), given);
  expect(ciphertext).toHaveLength(77 + 'plaintext'.length);
  expect(ciphertext[0]).toBe(1);
  expect(ciphertext.subarray(1, 33)).toEqual(materialId);
  expect(decryptAsDocumented(ciphertext, pairs).toString()).toBe('plaintext');
});

test('readMaterialId returns the material id only for a ciphertext of this version that is long enough', () => {
  const ciphertext = encryptUnder(new BackingKey(bytes), materialId, Buffer.alloc(0), undefined);
  expect(ciphertext).toHaveLength(77);
  expect(readMaterialId(ciphertext)).toEqual(materialId);
  expect(readMaterialId(ciphertext.subarray(0, 76))).toBeUndefined();
  expect(readMaterialId(Buffer.concat([Buffer.of(2), ciphertext.subarray(1)]))).toBeUndefined();
});

test('decryptUnder rejects a ciphertext if any byte was changed', () => {
  const backingKey = new BackingKey(bytes);
  const ciphertext = encryptUnder(backingKey, materialId, Buffer.from('plaintext'), context);
  for (let index = 0; index < ciphertext.length; index += 1) {
    const changed = Buffer.from(ciphertext);
    changed[index]! ^= 1;
    expect(decryptUnder(backingKey, changed, context), `byte ${index}`).toBeUndefined();
  }
});
