import type { UnknownObject } from '../../shared/declaration/json-object.ts';
import { type Batch, maxEventBytes } from '../../shared/declaration/operation.ts';

/**
 * The bytes for all results of a batch. A function's response has at most 6 MB. Through API Gateway, the response contains
 * the body as a JSON string (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). The rest is for the
 * status and the headers.
 */
export const maxResponseBytes = maxEventBytes - 1_024;

/** The largest ciphertext that KMS returns or accepts (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html). */
const maxCiphertextBytes = 6_144;
/** The largest plaintext of Encrypt and Decrypt. */
const maxPlaintextBytes = 4_096;

/**
 * Returns an upper limit for the size of a ciphertext. AWS does not document how much longer than its plaintext a ciphertext
 * is, but the longest plaintext fits into the longest ciphertext.
 */
export function countCiphertext(plaintextBytes: number): number {
  return Math.min(maxCiphertextBytes, plaintextBytes + (maxCiphertextBytes - maxPlaintextBytes));
}

/** Returns an upper limit for the size of a plaintext. */
export function countPlaintext(ciphertextBytes: number): number {
  return Math.min(maxPlaintextBytes, ciphertextBytes);
}

/** Returns an upper limit for the sizes of a data key and its ciphertext. `AES_256` is the longest named key spec. */
export function countDataKey(numberOfBytes: unknown): number {
  const bytes = typeof numberOfBytes === 'number' ? Math.min(maxDataKeyBytes, numberOfBytes) : 32;
  return bytes + countCiphertext(bytes);
}

const maxDataKeyBytes = 1_024;

/**
 * Returns an upper limit for the size of a signature. The longest signatures are those of ML-DSA-87
 * (https://csrc.nist.gov/pubs/fips/204/final, table 2), and then those of RSA keys with 4,096 bits.
 */
export function countSignature(signingAlgorithm: unknown): number {
  return String(signingAlgorithm).startsWith('ML_DSA_') ? 4_627 : 512;
}

/**
 * The bytes of a result's other members: names, quotation marks with their escapes, key ARNs, algorithms and key material
 * ids.
 */
const otherResultBytes = 640;

/** The bytes for an item's error. A longer error is shortened. 256 characters of any kind fit, with their escapes. */
export const errorBytes = 2_048;

/**
 * Returns the bytes of a value in a body. Events and HTTP responses contain the body as a JSON string, so that quotation
 * marks and backslashes are escaped again.
 */
export function measureInBody(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(JSON.stringify(value))).length;
}

/** Returns an upper limit for the bytes of a result in the response, without its `Reference`. */
export function countLargestResult(resultBytes: number): number {
  return Math.max(errorBytes, otherResultBytes + Math.ceil(resultBytes / 3) * 4);
}

/** Returns an upper limit for the bytes of an item's result in the response. */
export function countItemResult({ countResultBytes }: Batch, batch: UnknownObject, item: UnknownObject): number {
  const { Reference } = item;
  const referenceBytes = typeof Reference === 'string' ? measureInBody({ Reference }) : 0;
  const largest = countResultBytes({
    bytes: (member) => countBytes(item[member]),
    value: (member) => item[member] ?? batch[member],
  });
  return referenceBytes + countLargestResult(largest);
}

function countBytes(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'string' ? Math.floor((value.length / 4) * 3) : 0;
}
