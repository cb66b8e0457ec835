import type { Bytes } from '../format/byte-writer.ts';
import { omitReservedPairs } from '../format/encryption-context.ts';
import { createEnvelopeError } from '../format/errors.ts';
import { boundPlaintext } from '../format/frames.ts';
import { parseHeader } from '../format/header.ts';
import { resolveOpenLimits } from '../format/limits.ts';
import type { OpenOptions, OpenResult } from '../options.ts';
import { BodyOpener } from './body-opener.ts';
import { ByteQueue } from './byte-queue.ts';
import { OutputBuffer } from './output-buffer.ts';
import { type VerifiedHeader, verifyHeader } from './verify-header.ts';

/** Decrypts a message. Throws `EnvelopeError` unless all of the message is authentic. */
export async function openBuffer(message: Uint8Array, options: OpenOptions): Promise<OpenResult> {
  const limits = resolveOpenLimits(options);
  const header = parseHeader(message, limits);
  if (typeof header === 'number') throw createEnvelopeError('MessageTruncated');
  const headerBytes = message.subarray(0, header.headerBytes);
  const verified = await verifyHeader(header, headerBytes, options);
  const body = new BodyOpener(verified, headerBytes, limits);
  const bodyBytes = message.subarray(header.headerBytes);
  const plaintext = openBody(body, bodyBytes, boundPlaintext(bodyBytes.length, header));
  return { plaintext, ...describeOpened(verified) };
}

function openBody(body: BodyOpener, bytes: Uint8Array, maxPlaintextBytes: number): Bytes {
  const queue = new ByteQueue();
  queue.add(bytes);
  const plaintext = new OutputBuffer(maxPlaintextBytes);
  try {
    for (const piece of body.open(queue)) plaintext.add(piece);
    body.finish();
  } catch (error) {
    plaintext.discard();
    throw error;
  }
  return plaintext.finish();
}

/** Returns what a caller learns about a message besides its plaintext. */
export function describeOpened({ header, isCached, encryptedDataKey }: VerifiedHeader): Omit<OpenResult, 'plaintext'> {
  return {
    encryptionContext: omitReservedPairs(header.encryptionContext),
    ...{ header, isCached },
    ...(encryptedDataKey && { encryptedDataKey }),
  };
}
