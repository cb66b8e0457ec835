/**
 * DER (ITU-T X.690 §10), read strictly and written: what signatures, SM2 ciphertexts, PKCS#8 and CMS need, no more.
 * Tags of one byte, definite lengths below 2^24. Anything else is a DerError.
 */
export class DerError extends Error {
  override name = 'DerError';
}

/** One element: its tag byte and its content, a view of the bytes read. */
export type DerElement = { readonly tag: number; readonly content: Uint8Array };

export const derTag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The elements that `bytes` is made of, to its last byte. */
export function readDer(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const tag = byteAt(bytes, offset);
    if ((tag & 0x1f) === 0x1f) throw new DerError('A tag has more than one byte');
    const { length, start } = readLength(bytes, offset + 1);
    offset = start + length;
    if (offset > bytes.length) throw new DerError('An element is longer than what holds it');
    elements.push({ tag, content: bytes.subarray(start, offset) });
  }
  return elements;
}

/** The contents of one SEQUENCE that is all of `bytes`, if its elements have exactly these tags. */
export function readSequence(bytes: Uint8Array, ...tags: readonly number[]): Uint8Array[] {
  const [outer, ...rest] = readDer(bytes);
  if (outer?.tag !== derTag.sequence || rest.length > 0) throw new DerError('Not one SEQUENCE');
  const elements = readDer(outer.content);
  if (elements.length !== tags.length || elements.some((element, index) => element.tag !== tags[index])) {
    throw new DerError('The elements of the SEQUENCE are not the expected ones');
  }
  return elements.map((element) => element.content);
}

/** The content of a non-negative INTEGER as exactly `sizeBytes` bytes, big-endian. */
export function unsignedFixed(content: Uint8Array, sizeBytes: number): Buffer {
  const first = byteAt(content, 0);
  if (first >= 0x80) throw new DerError('A negative INTEGER');
  const padded = first === 0 && content.length > 1;
  if (padded && byteAt(content, 1) < 0x80) throw new DerError('An INTEGER with a needless leading zero');
  const magnitude = padded ? content.subarray(1) : content;
  if (magnitude.length > sizeBytes) throw new DerError('An INTEGER that is too large');
  return Buffer.concat([Buffer.alloc(sizeBytes - magnitude.length), magnitude]);
}

/** One element with a definite length. */
export function encodeDer(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, ...lengthBytes(content.length)), content]);
}

/** An INTEGER from an unsigned big-endian number. */
export function encodeUnsigned(magnitude: Uint8Array): Buffer {
  const firstUsed = magnitude.findIndex((byte) => byte !== 0);
  const significant = firstUsed < 0 ? Buffer.of(0) : magnitude.subarray(firstUsed);
  return encodeDer(derTag.integer, Buffer.alloc(byteAt(significant, 0) >= 0x80 ? 1 : 0), significant);
}

function readLength(bytes: Uint8Array, offset: number): { length: number; start: number } {
  const first = byteAt(bytes, offset);
  if (first < 0x80) return { length: first, start: offset + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3) throw new DerError('A length that is indefinite or too large');
  let length = 0;
  for (let index = 1; index <= count; index++) length = length * 256 + byteAt(bytes, offset + index);
  if (length < 0x80 || lengthBytes(length).length !== count + 1)
    throw new DerError('A length that is not the shortest');
  return { length, start: offset + 1 + count };
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new DerError('The bytes end too early');
  return byte;
}
