import { createHmac, timingSafeEqual } from 'node:crypto';
import { requireAlgorithmSupport } from '../algorithm-support.ts';
import { toSecretKey } from '../formats/secret-key.ts';
import type { KeySpec, MacAlgorithm } from '../key-specs.ts';

/**
 * Implements GenerateMac and VerifyMac with HMAC (RFC 2104). Tags are not truncated and are 28, 32, 48 or 64 bytes
 * long. https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */

export interface MacRequest {
  readonly keySpec: KeySpec;
  readonly algorithm: MacAlgorithm;
  readonly message: Uint8Array;
  readonly material: Uint8Array;
}

const hashNames: Readonly<Record<MacAlgorithm, string>> = {
  HMAC_SHA_224: 'sha224',
  HMAC_SHA_256: 'sha256',
  HMAC_SHA_384: 'sha384',
  HMAC_SHA_512: 'sha512',
};

export function generateMac({ keySpec, algorithm, message, material }: MacRequest): Buffer {
  requireAlgorithmSupport(keySpec, 'GENERATE_VERIFY_MAC', algorithm);
  return createHmac(hashNames[algorithm], toSecretKey(material)).update(message).digest();
}

/** Compares the tags in constant time. Returns false for a tag of a different length. */
export function verifyMac(request: MacRequest & { readonly mac: Uint8Array }): boolean {
  const expected = generateMac(request);
  return request.mac.length === expected.length && timingSafeEqual(expected, request.mac);
}
