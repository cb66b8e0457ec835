import { createHash } from 'node:crypto';
import type { Client } from '../../client/client.ts';
import type { InputFor } from '../../client/operation-types.ts';
import { UsageError } from '../exit-codes.ts';
import { type Input, readChunks } from '../files/read-input.ts';
import type { FlagValues } from '../table/flags.ts';
import { requireKey } from './require-key.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const maxMessageBytes = 4_096;

type SignedMessage = Pick<InputFor<'sign'>, 'Message' | 'MessageType' | 'SigningAlgorithm'>;

/**
 * Reads the message to sign or verify. A short message is sent as it is. A longer message is hashed on this machine,
 * which gives the same signature
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-request-MessageType).
 */
export async function readSignedMessage({
  input,
  algorithm,
  signal,
}: {
  readonly input: Input;
  readonly algorithm: string;
  readonly signal: AbortSignal;
}): Promise<SignedMessage> {
  const SigningAlgorithm = algorithm as SignedMessage['SigningAlgorithm'];
  const hashName = findHash(algorithm);
  const hash = hashName === undefined ? undefined : createHash(hashName);
  const start: Buffer[] = [];
  let total = 0;
  for await (const chunk of readChunks(input, signal)) {
    hash?.update(chunk);
    if (total <= maxMessageBytes) start.push(chunk);
    total += chunk.length;
    if (total > maxMessageBytes && hash === undefined) throw createTooLongError(input.name, algorithm);
  }
  if (total === 0) throw new UsageError(`${input.name} is empty. KMS signs at least 1 byte.`);
  if (hash !== undefined && (total > maxMessageBytes || needsDigest(algorithm))) {
    return { Message: new Uint8Array(hash.digest()), MessageType: 'DIGEST', SigningAlgorithm };
  }
  return { Message: new Uint8Array(Buffer.concat(start)), MessageType: 'RAW', SigningAlgorithm };
}

/**
 * Returns the hash that the algorithm applies to the message. ED25519_SHA_512, ML-DSA and SM2DSA need the whole message or
 * the public key, so they have no such hash.
 */
function findHash(algorithm: string): string | undefined {
  const [, bits] = /^(?:RSASSA_\w+|ECDSA|ED25519_PH)_SHA_(256|384|512)$/.exec(algorithm) ?? [];
  return bits === undefined ? undefined : `sha${bits}`;
}

/** Ed25519ph signs a digest only (https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html). */
function needsDigest(algorithm: string): boolean {
  return algorithm === 'ED25519_PH_SHA_512';
}

function createTooLongError(name: string, algorithm: string): UsageError {
  return new UsageError(`${name} has more than 4,096 bytes, which is the limit of KMS for ${algorithm}.`);
}

/** Returns the algorithm from the flag, or the only algorithm of the key. */
export async function selectSigningAlgorithm(client: Client, flags: FlagValues): Promise<string> {
  if (flags.signingAlgorithm !== undefined) return flags.signingAlgorithm;
  const { KeyMetadata } = await client.describeKey({ KeyId: requireKey(flags) });
  const algorithms = KeyMetadata.SigningAlgorithms ?? [];
  const [algorithm] = algorithms;
  if (algorithm !== undefined && algorithms.length === 1) return algorithm;
  throw new UsageError(
    algorithm === undefined
      ? 'The key cannot sign. A key for signatures has the key usage SIGN_VERIFY.'
      : `The key has several algorithms. Add --algorithm with one of ${algorithms.join(', ')}.`,
  );
}
