import { createSecretKey, type KeyObject } from 'node:crypto';

const keyObjects = new WeakMap<Uint8Array, KeyObject>();

/**
 * Converts secret bytes to a key object, which node:crypto processes ten times faster than bytes. The store returns the
 * same array for the same material, so the key object is cached as long as the array exists.
 */
export function toSecretKey(bytes: Uint8Array): KeyObject {
  let keyObject = keyObjects.get(bytes);
  if (keyObject === undefined) {
    keyObject = createSecretKey(bytes);
    keyObjects.set(bytes, keyObject);
  }
  return keyObject;
}
