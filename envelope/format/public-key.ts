import { concatBytes } from './byte-writer.ts';
import { EnvelopeError } from './errors.ts';
import type { SignatureParameters } from './suites.ts';

/** Compresses an uncompressed point (SEC 1 §2.3.3, https://www.secg.org/sec1-v2.pdf). */
export function compressPoint(point: Uint8Array): Uint8Array {
  const coordinateBytes = (point.length - 1) / 2;
  const sign = 2 + ((point.at(-1) as number) & 1);
  return concatBytes([Uint8Array.of(sign), point.subarray(1, 1 + coordinateBytes)]);
}

/** Decodes the compressed point in the encryption context. Throws unless it has the form that the curve requires. */
export function decodePublicKey(text: string, { coordinateBytes }: SignatureParameters): Uint8Array {
  const point = decodeBase64(text);
  if (point?.length === 1 + coordinateBytes && (point[0] === 2 || point[0] === 3)) return point;
  throw new EnvelopeError('SignatureInvalid', 'The public key of the message is not a compressed point in base64.');
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The bytes of a SubjectPublicKeyInfo before a compressed point (https://datatracker.ietf.org/doc/html/rfc5480#section-2). */
const spkiPrefixes: Readonly<Record<SignatureParameters['curve'], readonly number[]>> = {
  'P-256': [
    ...[0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
    ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00],
  ],
  'P-384': [
    ...[0x30, 0x46, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
    ...[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x32, 0x00],
  ],
};

/** Encodes a compressed point as the structure that cryptographic libraries import. */
export function encodeSubjectPublicKeyInfo(point: Uint8Array, { curve }: SignatureParameters): Uint8Array {
  return concatBytes([Uint8Array.from(spkiPrefixes[curve]), point]);
}
