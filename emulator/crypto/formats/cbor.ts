/**
 * A strict reader for the subset of CBOR (RFC 8949) in attestation documents. It supports integers up to 2^53, byte and
 * text strings, arrays, maps without duplicate keys, tags (skipped), true, false and null. Lengths must be definite,
 * and items can be nested up to 8 levels deep.
 *
 * The reader must be strict, because attestation documents come from callers. cborg, even with its strict options, also
 * accepts floats, invalid UTF-8, map keys of other types and unlimited nesting.
 */

export type CborValue = number | string | boolean | null | Buffer | CborValue[] | CborMap;
export type CborMap = Map<number | string, CborValue>;

export class CborError extends Error {
  override name = 'CborError';
}

/** Reads `bytes` as a single item. Byte strings are views of `bytes`. */
export function readCbor(bytes: Uint8Array): CborValue {
  const reader = new CborReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const value = reader.readItem(maxDepth);
  if (!reader.isAtEnd) throw new CborError('There are bytes after the item');
  return value;
}

const maxDepth = 8;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const simpleValues = new Map<number, boolean | null>([
  [0xf4, false],
  [0xf5, true],
  [0xf6, null],
]);

class CborReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  readItem(depth: number): CborValue {
    if (depth === 0) throw new CborError('Items are nested too deeply');
    const head = this.#take(1)[0]!;
    const majorType = head >> 5;
    if (majorType === 7) return readSimpleValue(head);
    const argument = this.#readArgument(head & 0x1f);
    return this.#readContent(majorType, argument, depth);
  }

  #readContent(majorType: number, argument: number, depth: number): CborValue {
    switch (majorType) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.#take(argument);
      case 3:
        return decodeText(this.#take(argument));
      case 4:
        return this.#readArray(argument, depth);
      case 5:
        return this.#readMap(argument, depth);
      default:
        return this.readItem(depth - 1); // the tagged item
    }
  }

  #readArray(length: number, depth: number): CborValue[] {
    const items: CborValue[] = [];
    for (let index = 0; index < length; index++) items.push(this.readItem(depth - 1));
    return items;
  }

  #readMap(length: number, depth: number): CborMap {
    const map: CborMap = new Map();
    for (let index = 0; index < length; index++) {
      const key = this.readItem(depth - 1);
      if (typeof key !== 'number' && typeof key !== 'string') {
        throw new CborError('A map key is neither an integer nor text');
      }
      if (map.has(key)) throw new CborError('A map has a duplicate key');
      map.set(key, this.readItem(depth - 1));
    }
    return map;
  }

  /** Reads the value or length from the low five bits of the head, or from the 1, 2, 4 or 8 bytes after it. */
  #readArgument(additional: number): number {
    if (additional < 24) return additional;
    if (additional > 27) throw new CborError('A length is indefinite or reserved');
    const size = 1 << (additional - 24);
    const bytes = this.#take(size);
    const value = size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size);
    if (!Number.isSafeInteger(value)) throw new CborError('A number is too large');
    return value;
  }

  #take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new CborError('The input ends too early');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }
}

function readSimpleValue(head: number): CborValue {
  const value = simpleValues.get(head);
  if (value === undefined) throw new CborError('Floats and other simple values are not supported');
  return value;
}

function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new CborError('Text is not UTF-8');
  }
}
