/**
 * A strict reader of CBOR (RFC 8949): the items that an attestation document is made of. Integers up to 2^53, byte and
 * text strings, arrays, maps without a key twice, tags (passed over), true, false, null. Definite lengths, 8 levels.
 */
export type CborValue = number | string | boolean | null | Buffer | CborValue[] | CborMap;
export type CborMap = Map<number | string, CborValue>;

export class CborError extends Error {
  override name = 'CborError';
}

/** The one item that is all of `bytes`. Byte strings are views of it. */
export function readCbor(bytes: Uint8Array): CborValue {
  const reader = new CborReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const value = reader.item(maxDepth);
  if (!reader.atEnd) throw new CborError('Bytes follow the item');
  return value;
}

const maxDepth = 8;
const utf8 = new TextDecoder('utf-8', { fatal: true });

class CborReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  item(depth: number): CborValue {
    if (depth === 0) throw new CborError('Items are nested too deeply');
    const head = this.#take(1)[0]!;
    const majorType = head >> 5;
    if (majorType === 7) return simple(head);
    const argument = this.#argument(head & 0x1f);
    return this.#ofMajorType(majorType, argument, depth);
  }

  #ofMajorType(majorType: number, argument: number, depth: number): CborValue {
    switch (majorType) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.#take(argument);
      case 3:
        return text(this.#take(argument));
      case 4:
        return this.#array(argument, depth);
      case 5:
        return this.#map(argument, depth);
      default:
        return this.item(depth - 1); // a tag's content
    }
  }

  #array(length: number, depth: number): CborValue[] {
    const items: CborValue[] = [];
    for (let index = 0; index < length; index++) items.push(this.item(depth - 1));
    return items;
  }

  #map(length: number, depth: number): CborMap {
    const map: CborMap = new Map();
    for (let index = 0; index < length; index++) {
      const key = this.item(depth - 1);
      if (typeof key !== 'number' && typeof key !== 'string')
        throw new CborError('A map key is neither integer nor text');
      if (map.has(key)) throw new CborError('A map has a key twice');
      map.set(key, this.item(depth - 1));
    }
    return map;
  }

  /** The value or length in the low five bits of the head, or in the 1, 2, 4 or 8 bytes after it. */
  #argument(additional: number): number {
    if (additional < 24) return additional;
    if (additional > 27) throw new CborError('An indefinite length, or a reserved one');
    const size = 1 << (additional - 24);
    const bytes = this.#take(size);
    const value = size === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, size);
    if (!Number.isSafeInteger(value)) throw new CborError('A number is too large');
    return value;
  }

  #take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new CborError('The bytes end too early');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }
}

function simple(head: number): CborValue {
  const values = new Map<number, boolean | null>([
    [0xf4, false],
    [0xf5, true],
    [0xf6, null],
  ]);
  const value = values.get(head);
  if (value === undefined) throw new CborError('A simple value or float that is not expected');
  return value;
}

function text(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new CborError('Text is not UTF-8');
  }
}
