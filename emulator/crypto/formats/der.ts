/**
 * A strict reader and a writer for the subset of DER (ITU-T X.690 §10) in signatures, SM2 ciphertexts, PKCS#8 and CMS.
 * It supports tags of one byte and definite lengths below 2^24. The reader throws DerError for anything else.
 */

export class DerError extends Error {
  override name = 'DerError';
}

/** One element, with its tag byte and its content. The content is a view of the input. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Reads `bytes` as consecutive elements. */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = readByte(bytes, offset);
    if ((tag & 0x1f) === 0x1f) throw new DerError('A tag has more than one byte');
    const { length, start } = readLength(bytes, offset + 1);
    offset = start + length;
    if (offset > bytes.length) throw new DerError('An element is longer than its container');
    elements.push({ tag, content: bytes.subarray(start, offset) });
  }
  return elements;
}

/** Returns the contents of the single SEQUENCE in `bytes`, whose elements must have exactly these tags. */
export function readSequence(bytes: Uint8Array, ...tags: readonly number[]): Uint8Array[] {
  const [outer, ...rest] = readDer(bytes);
  if (outer?.tag !== derTag.sequence || rest.length > 0) throw new DerError('The input is not a single SEQUENCE');
  const elements = readDer(outer.content);
  if (elements.length !== tags.length || elements.some((element, index) => element.tag !== tags[index])) {
    throw new DerError('The SEQUENCE does not contain the expected elements');
  }
  return elements.map((element) => element.content);
}

/** Converts the content of a non-negative INTEGER to exactly `sizeBytes` bytes, big-endian. */
export function decodeUnsigned(content: Uint8Array, sizeBytes: number): Buffer {
  const first = readByte(content, 0);
  if (first >= 0x80) throw new DerError('An INTEGER is negative');
  const isPadded = first === 0 && content.length > 1;
  if (isPadded && readByte(content, 1) < 0x80) throw new DerError('An INTEGER has an unnecessary leading zero');
  const magnitude = isPadded ? content.subarray(1) : content;
  if (magnitude.length > sizeBytes) throw new DerError('An INTEGER is too large');
  return Buffer.concat([Buffer.alloc(sizeBytes - magnitude.length), magnitude]);
}

/** Encodes one element with a definite length. */
export function encodeDer(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, ...encodeLength(content.length)), content]);
}

/** Encodes an unsigned big-endian number as an INTEGER. */
export function encodeUnsigned(magnitude: Uint8Array): Buffer {
  const firstUsed = magnitude.findIndex((byte) => byte !== 0);
  const significant = firstUsed < 0 ? Buffer.of(0) : magnitude.subarray(firstUsed);
  return encodeDer(derTag.integer, Buffer.alloc(readByte(significant, 0) >= 0x80 ? 1 : 0), significant);
}

function readLength(bytes: Uint8Array, offset: number): { length: number; start: number } {
  const first = readByte(bytes, offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3) throw new DerError('A length is indefinite or too large');
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + readByte(bytes, offset + index);
  if (length < 0x80 || encodeLength(length).length !== count + 1)
    throw new DerError('A length is not in its shortest form');
  return { length, start: offset + 1 + count };
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

function readByte(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new DerError('The input ends too early');
  return byte;
}
