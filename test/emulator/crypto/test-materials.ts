import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { type KeySpec, keySpecs } from '../../../emulator/crypto/key-specs.ts';

const made = new Map<KeySpec, Promise<Uint8Array>>();

/** Random material of a key spec, the same one for all tests of a file: RSA takes its time. */
export function materialOf(keySpec: KeySpec): Promise<Uint8Array> {
  const material = made.get(keySpec) ?? keySpecs[keySpec].generateMaterial();
  made.set(keySpec, material);
  return material;
}

export function pkcs8FromJwk(key: JsonWebKey): Buffer {
  return createPrivateKey({ key, format: 'jwk' }).export({ format: 'der', type: 'pkcs8' });
}

export const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Hexadecimal to base64url, for JWK. */
export const url = (text: string): string => hex(text).toString('base64url');
