import type { SigningKey } from '../data-keys.ts';
import { decodeSignature, encodeSignature } from '../format/ecdsa-signature.ts';
import { createEnvelopeError, EnvelopeError } from '../format/errors.ts';
import { compressPoint, decodePublicKey } from '../format/public-key.ts';
import type { SignatureParameters } from '../format/suites.ts';
import { toSource, type WebKey } from './web-crypto.ts';

export interface WebSigningKey extends SigningKey {
  readonly privateKey: WebKey;
}

export async function createSigningKey({ curve }: SignatureParameters): Promise<WebSigningKey> {
  const algorithm = { name: 'ECDSA', namedCurve: curve };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const point = compressPoint(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
  return { privateKey, publicKey: btoa(String.fromCharCode(...point)) };
}

/** Signs the header and the body. Returns the signature in DER. */
export async function signMessage(
  message: Uint8Array,
  { privateKey }: WebSigningKey,
  { hash }: SignatureParameters,
): Promise<Uint8Array> {
  const numbers = await crypto.subtle.sign({ name: 'ECDSA', hash }, privateKey, toSource(message));
  return encodeSignature(new Uint8Array(numbers));
}

/** Throws unless the signature of the header and the body is valid. */
export async function verifySignature(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: string,
  parameters: SignatureParameters,
): Promise<void> {
  const { hash, coordinateBytes } = parameters;
  const key = await importPublicKey(publicKey, parameters);
  const numbers = decodeSignature(signature, coordinateBytes);
  const isValid =
    numbers !== undefined &&
    (await crypto.subtle.verify({ name: 'ECDSA', hash }, key, toSource(numbers), toSource(message)));
  if (!isValid) throw createEnvelopeError('SignatureInvalid');
}

/** Imports a compressed point. Browsers import only uncompressed points. */
async function importPublicKey(publicKey: string, parameters: SignatureParameters): Promise<WebKey> {
  const compressed = decodePublicKey(publicKey, parameters);
  const { p256, p384 } = await import('@noble/curves/nist.js');
  const curve = { 'P-256': p256, 'P-384': p384 }[parameters.curve];
  let point: Uint8Array;
  try {
    point = curve.Point.fromBytes(compressed).toBytes(false);
  } catch {
    throw new EnvelopeError('SignatureInvalid', 'The public key of the message is not a point on its curve.');
  }
  const algorithm = { name: 'ECDSA', namedCurve: parameters.curve };
  return crypto.subtle.importKey('raw', toSource(point), algorithm, false, ['verify']);
}
