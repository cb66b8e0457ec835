import { EnvelopeError } from './errors.ts';

/** Thrown when the bytes end before the header does. More bytes may follow. */
export class MoreBytesNeeded extends Error {
  /** The number of bytes that the header has at least. */
  readonly minimumBytes: number;

  constructor(minimumBytes: number) {
    super();
    this.minimumBytes = minimumBytes;
  }
}

// By default, a decoder removes a byte order mark, which would change the encryption context.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads big-endian fields one after another. Lengths come from untrusted bytes, so nothing is allocated for them. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly #maxBytes: number;

  /** `maxBytes` limits the total length of all fields. */
  constructor(bytes: Uint8Array, maxBytes = Number.POSITIVE_INFINITY, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
    this.#maxBytes = maxBytes;
  }

  /** Returns a view of the next bytes. */
  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.#maxBytes)
      throw new EnvelopeError('LimitExceeded', `The message header is longer than ${this.#maxBytes} bytes.`);
    if (end > this.bytes.length) throw new MoreBytesNeeded(end);
    const field = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return field;
  }

  uint8(): number {
    return this.take(1)[0] as number;
  }

  uint16(): number {
    const [high, low] = this.take(2) as unknown as [number, number];
    return high * 0x100 + low;
  }

  uint32(): number {
    return this.uint16() * 0x1_0000 + this.uint16();
  }

  /** Reads a two-byte length and as many bytes. */
  block(): Uint8Array {
    return this.take(this.uint16());
  }
}

/** Decodes UTF-8, or returns `undefined` if the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
