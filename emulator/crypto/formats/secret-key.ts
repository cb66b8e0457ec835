import { createSecretKey, type KeyObject } from 'node:crypto';

const keyObjects = new WeakMap<Uint8Array, KeyObject>();

/**
 * Secret bytes as node:crypto takes them fastest: bytes cost it ten times a key object. The store hands out the same
 * bytes again for the same material, so they are wrapped once; whoever lets go of the bytes lets go of the object.
 */
export function secretKeyOf(bytes: Uint8Array): KeyObject {
  let keyObject = keyObjects.get(bytes);
  if (keyObject === undefined) {
    keyObject = createSecretKey(bytes);
    keyObjects.set(bytes, keyObject);
  }
  return keyObject;
}
