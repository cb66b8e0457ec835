import { omitReservedPairs } from '../format/encryption-context.ts';
import { createEnvelopeError } from '../format/errors.ts';
import { parseHeader } from '../format/header.ts';
import { resolveOpenLimits } from '../format/limits.ts';
import type { OpenOptions, OpenResult } from '../options.ts';
import { BodyOpener } from './body-opener.ts';
import { ByteQueue } from './byte-queue.ts';
import { concatParts } from './concat-parts.ts';
import { type VerifiedHeader, verifyHeader } from './verify-header.ts';

/** Decrypts a message. Throws `EnvelopeError` unless all of the message is authentic. */
export async function openBuffer(message: Uint8Array, options: OpenOptions): Promise<OpenResult> {
  const limits = resolveOpenLimits(options);
  const header = parseHeader(message, limits);
  if (typeof header === 'number') throw createEnvelopeError('MessageTruncated');
  const headerBytes = message.subarray(0, header.headerBytes);
  const verified = await verifyHeader(header, headerBytes, options);
  const body = new BodyOpener(verified, headerBytes, limits);
  const queue = new ByteQueue();
  queue.add(message.subarray(header.headerBytes));
  const parts = [...body.open(queue)];
  body.finish();
  const plaintext = parts.length === 1 ? (parts[0] as Buffer) : concatParts(parts);
  return { plaintext, ...describeOpened(verified) };
}

/** Returns what a caller learns about a message besides its plaintext. */
export function describeOpened({ header, isCached, encryptedDataKey }: VerifiedHeader): Omit<OpenResult, 'plaintext'> {
  return {
    encryptionContext: omitReservedPairs(header.encryptionContext),
    ...{ header, isCached },
    ...(encryptedDataKey && { encryptedDataKey }),
  };
}
