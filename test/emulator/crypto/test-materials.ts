import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { type KeySpec, keySpecs } from '../../../emulator/crypto/key-specs.ts';

const generated = new Map<KeySpec, Promise<Uint8Array>>();

/** Returns random material for a key spec. All tests in a file share the material, because RSA key generation is slow. */
export function getMaterial(keySpec: KeySpec): Promise<Uint8Array> {
  const material = generated.get(keySpec) ?? keySpecs[keySpec].generateMaterial();
  generated.set(keySpec, material);
  return material;
}

export function pkcs8FromJwk(key: JsonWebKey): Buffer {
  return createPrivateKey({ key, format: 'jwk' }).export({ format: 'der', type: 'pkcs8' });
}

export const fromHex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Converts hexadecimal to base64url, for JWK. */
export const hexToBase64url = (text: string): string => fromHex(text).toString('base64url');
