import { createHmac, timingSafeEqual } from 'node:crypto';
import { compatibleRow } from '../compatibility.ts';
import { secretKeyOf } from '../formats/secret-key.ts';
import type { KeySpec } from '../key-specs.ts';

/**
 * HMAC (RFC 2104), whole tags: 28, 32, 48 or 64 bytes.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
export type MacRequest = {
  readonly keySpec: KeySpec;
  readonly algorithm: string;
  readonly message: Uint8Array;
  readonly material: Uint8Array;
};

const hashOf: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  HMAC_SHA_224: 'sha224',
  HMAC_SHA_256: 'sha256',
  HMAC_SHA_384: 'sha384',
  HMAC_SHA_512: 'sha512',
});

export function generateMac({ keySpec, algorithm, message, material }: MacRequest): Buffer {
  compatibleRow(keySpec, 'GENERATE_VERIFY_MAC', algorithm);
  return createHmac(hashOf[algorithm]!, secretKeyOf(material)).update(message).digest();
}

/** Whether `mac` is the tag, in a time that does not depend on where they differ. A tag of another length is not. */
export function verifyMac(request: MacRequest & { readonly mac: Uint8Array }): boolean {
  const expected = generateMac(request);
  return request.mac.length === expected.length && timingSafeEqual(expected, request.mac);
}
