import {
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  type Sign,
  type Verify,
} from 'node:crypto';
import type { SigningKey } from '../data-keys.ts';
import { EnvelopeError } from '../format/errors.ts';
import { compressPoint, decodePublicKey, encodeSubjectPublicKeyInfo } from '../format/public-key.ts';
import type { SignatureParameters } from '../format/suites.ts';

/** The key pair of signed messages. Its private key is never stored. */
export interface NodeSigningKey extends SigningKey {
  readonly privateKey: KeyObject;
}

export function createSigningKey({ curve, coordinateBytes }: SignatureParameters): NodeSigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  // The uncompressed point is at the end of the structure.
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-2 * coordinateBytes - 1);
  return { privateKey, publicKey: Buffer.from(compressPoint(point)).toString('base64') };
}

export function startSignature({ hash }: SignatureParameters): Sign {
  return createSign(hash);
}

export function startVerification({ hash }: SignatureParameters): Verify {
  return createVerify(hash);
}

/** Reads the public key in the encryption context. Throws if it is not a point on the curve. */
export function readPublicKey(text: string, parameters: SignatureParameters): KeyObject {
  const point = decodePublicKey(text, parameters);
  try {
    const key = Buffer.from(encodeSubjectPublicKeyInfo(point, parameters));
    return createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    throw new EnvelopeError('SignatureInvalid', 'The public key of the message is not a point on its curve.');
  }
}
