import { type Bytes, concatBytes } from './byte-writer.ts';

/** The length of the field before a signature. */
export const signatureLengthBytes = 2;

/** Longer than any signature on P-384, which has at most 104 bytes. */
export const maxSignatureBytes = 128;

const sequenceTag = 0x30;
const integerTag = 0x02;
/** Precedes a length that needs one byte of its own. The shorter form contains lengths below 128. */
const longLength = 0x81;

/** Converts the two numbers that WebCrypto returns to a DER structure (RFC 3279 §2.2.3). */
export function encodeSignature(numbers: Uint8Array): Uint8Array {
  const middle = numbers.length / 2;
  const integers = concatBytes([encodeInteger(numbers.subarray(0, middle)), encodeInteger(numbers.subarray(middle))]);
  return concatBytes([Uint8Array.of(sequenceTag, integers.length), integers]);
}

/** Encodes a number as the shortest DER integer. A number whose first bit is set starts with a zero byte. */
function encodeInteger(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? number.subarray(-1) : number.subarray(first);
  const padding = (digits[0] as number) >= 0x80 ? [0] : [];
  return Uint8Array.of(integerTag, padding.length + digits.length, ...padding, ...digits);
}

/** Converts a DER structure to the two numbers that WebCrypto expects. Returns `undefined` for anything but strict DER. */
export function decodeSignature(der: Uint8Array, coordinateBytes: number): Bytes | undefined {
  // A length from 128 on, as on P-521, has a byte of its own.
  const headBytes = der[1] === longLength ? 3 : 2;
  const contentBytes = der[headBytes - 1] ?? 0;
  if (der[0] !== sequenceTag || contentBytes !== der.length - headBytes || contentBytes > 127 !== headBytes > 2)
    return undefined;
  const numbers = new Uint8Array(2 * coordinateBytes);
  let offset = headBytes;
  for (const end of [coordinateBytes, 2 * coordinateBytes]) {
    const length = der[offset + 1] ?? 0;
    const digits = der.subarray(offset + 2, offset + 2 + length);
    if (der[offset] !== integerTag || digits.length !== length || !isShortestInteger(digits)) return undefined;
    const significant = digits[0] === 0 ? digits.subarray(1) : digits;
    if (significant.length > coordinateBytes) return undefined;
    numbers.set(significant, end - significant.length);
    offset += 2 + length;
  }
  return offset === der.length ? numbers : undefined;
}

/** Checks for a positive number without an unnecessary zero byte. */
function isShortestInteger([first = 0x80, second]: Uint8Array): boolean {
  return first < 0x80 && (first !== 0 || second === undefined || second >= 0x80);
}
