import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { BackingKey } from '../../../emulator/crypto/backing-key.ts';
import { decryptUnder, encryptUnder } from '../../../emulator/crypto/formats/ciphertext.ts';

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
