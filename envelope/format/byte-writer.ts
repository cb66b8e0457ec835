/**
 * Bytes that no other thread shares, as WebCrypto requires. From TypeScript 5.7, this type is `Uint8Array<ArrayBuffer>`.
 * Before, `Uint8Array` has no type parameter, and this type is `Uint8Array`.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor['of']>;

const encoder = new TextEncoder();

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function encodeUint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function encodeUint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** Writes a number. Returns the offset after it. */
export function writeUint32(target: Uint8Array, offset: number, value: number): number {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
  return offset + 4;
}

/** Returns a two-byte length and the bytes. */
export function encodeBlock(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  return [encodeUint16(bytes.length), bytes];
}

export function concatBytes(parts: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Copies bytes. `Buffer.prototype.slice` does not: it returns a view, unlike the method of `Uint8Array`. */
export function copyBytes(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** Compares two byte strings in a time that does not depend on where they differ. */
export function areEqualBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) difference |= (left[index] as number) ^ (right[index] as number);
  return difference === 0;
}

/** Compares two byte strings in lexicographic order. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
