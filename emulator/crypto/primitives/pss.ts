import { hash, randomBytes } from 'node:crypto';

/**
 * Implements EMSA-PSS over a digest (RFC 8017 §9.1), because node:crypto always hashes the message. As in KMS
 * (https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html#key-spec-rsa-sign), MGF1 uses
 * the same hash, and the salt is as long as the digest.
 *
 *     EM = (PS ‖ 0x01 ‖ salt) xor MGF1(H) ‖ H ‖ 0xbc,   H = Hash(0x00 × 8 ‖ digest ‖ salt)
 */

export type PssHash = 'sha256' | 'sha384' | 'sha512';

const trailer = 0xbc;
const eightZeros = Buffer.alloc(8);

/**
 * Returns the encoded message, which is `ceil(emBits / 8)` bytes long. `emBits` is one less than the modulus length in
 * bits.
 */
export function encodePss(
  digest: Uint8Array,
  emBits: number,
  hashName: PssHash,
  salt = randomBytes(digest.length),
): Buffer {
  const emBytes = Math.ceil(emBits / 8);
  const inner = hash(hashName, Buffer.concat([eightZeros, digest, salt]), 'buffer');
  const db = Buffer.alloc(emBytes - inner.length - 1);
  db[db.length - salt.length - 1] = 0x01;
  db.set(salt, db.length - salt.length);
  applyMgf1(db, inner, hashName);
  clearUnusedBits(db, emBytes, emBits);
  return Buffer.concat([db, inner, Buffer.of(trailer)]);
}

/** Returns whether `encoded` encodes this digest (§9.1.2). */
export function verifyPss(encoded: Uint8Array, digest: Uint8Array, emBits: number, hashName: PssHash): boolean {
  const emBytes = Math.ceil(emBits / 8);
  const hashBytes = digest.length;
  if (encoded.length !== emBytes || encoded.at(-1) !== trailer) return false;
  const db = Buffer.from(encoded.subarray(0, emBytes - hashBytes - 1));
  const inner = encoded.subarray(db.length, -1);
  const unusedBits = 8 * emBytes - emBits;
  if ((db[0]! & (0xff << (8 - unusedBits)) & 0xff) !== 0) return false;
  applyMgf1(db, inner, hashName);
  clearUnusedBits(db, emBytes, emBits);
  const saltStart = db.length - hashBytes;
  if (db[saltStart - 1] !== 0x01 || db.subarray(0, saltStart - 1).some((byte) => byte !== 0)) return false;
  const expected = hash(hashName, Buffer.concat([eightZeros, digest, db.subarray(saltStart)]), 'buffer');
  return expected.equals(inner);
}

/** XORs MGF1 (RFC 8017 §B.2.1) into `target`. */
function applyMgf1(target: Buffer, seed: Uint8Array, hashName: PssHash): void {
  const counter = Buffer.alloc(4);
  for (let offset = 0, block = 0; offset < target.length; block++) {
    counter.writeUInt32BE(block);
    const mask = hash(hashName, Buffer.concat([seed, counter]), 'buffer');
    for (let index = 0; index < mask.length && offset < target.length; index++, offset++)
      target[offset]! ^= mask[index]!;
  }
}

function clearUnusedBits(db: Buffer, emBytes: number, emBits: number): void {
  db[0]! &= 0xff >> (8 * emBytes - emBits);
}
