import { useDataKey } from '../data-keys.ts';
import { areEqualBytes, type Bytes, concatBytes } from '../format/byte-writer.ts';
import { checkCommitment } from '../format/commitment-policy.ts';
import { maxSignatureBytes, signatureLengthBytes } from '../format/ecdsa-signature.ts';
import { matchEncryptionContext, omitReservedPairs, publicKeyName } from '../format/encryption-context.ts';
import { createEnvelopeError, rejectFrame } from '../format/errors.ts';
import { encodeFrameAad, frameHeadBytes, parseFrameHead } from '../format/frames.ts';
import { type MessageHeader, parseHeader, tagBytes } from '../format/header.ts';
import { type OpenLimits, resolveOpenLimits } from '../format/limits.ts';
import type { OpenOptions, OpenResult } from '../options.ts';
import { deriveKeys } from './derive-keys.ts';
import { verifySignature } from './signature.ts';
import { decryptGcm, type WebKey } from './web-crypto.ts';

/** Decrypts a message with WebCrypto. Throws `EnvelopeError` unless all of the message is authentic. */
export async function openBuffer(message: Uint8Array, options: OpenOptions): Promise<OpenResult> {
  const limits = resolveOpenLimits(options);
  const header = parseHeader(message, limits);
  if (typeof header === 'number') throw createEnvelopeError('MessageTruncated');
  const { suite, encryptionContext, encryptedDataKeys } = header;
  checkCommitment(suite, options.commitmentPolicy);
  matchEncryptionContext(encryptionContext, options.encryptionContext);
  const dataKey = await options.dataKeys.decrypt({ suite, encryptionContext, encryptedDataKeys });
  const { encryptionKey: key, commitmentKey } = await useDataKey(dataKey, suite, (bytes) =>
    deriveKeys(suite, bytes, header.messageId),
  );
  if (commitmentKey && !areEqualBytes(commitmentKey, header.commitmentKey as Uint8Array))
    throw createEnvelopeError('KeyCommitmentMismatch');
  const aad = message.subarray(0, header.authenticatedBytes);
  if ((await decryptGcm({ key, iv: header.iv, aad }, header.tag)) === undefined)
    throw createEnvelopeError('HeaderAuthenticationFailed');
  const plaintext = await openBody(message, header, key, limits);
  const { encryptedDataKey, isCached = false } = dataKey;
  return {
    ...{ plaintext, header, isCached },
    encryptionContext: omitReservedPairs(encryptionContext),
    ...(encryptedDataKey && { encryptedDataKey }),
  };
}

/** Decrypts all frames, and verifies the signature of a signed message. */
async function openBody(message: Uint8Array, header: MessageHeader, key: WebKey, limits: OpenLimits): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let offset = header.headerBytes;
  for (let isLast = false; !isLast; ) {
    const bytes = message.subarray(offset, offset + frameHeadBytes.final);
    const head = parseFrameHead(bytes, parts.length + 1, header, limits);
    if (typeof head === 'number') throw createEnvelopeError('MessageTruncated');
    const start = offset + head.headBytes;
    offset = start + head.contentBytes + tagBytes;
    if (offset > message.length) throw createEnvelopeError('MessageTruncated');
    const aad = encodeFrameAad(header.messageId, head);
    const plaintext = await decryptGcm({ key, iv: head.iv, aad }, message.subarray(start, offset));
    if (plaintext === undefined) throw rejectFrame(head.number);
    parts.push(plaintext);
    isLast = head.kind !== 'regular';
  }
  await verifyFooter(message, offset, header);
  return concatBytes(parts);
}

/** Checks that the message ends after its body, or after the signature of its body. */
async function verifyFooter(message: Uint8Array, bodyEnd: number, header: MessageHeader): Promise<void> {
  const { signature } = header.suite;
  if (signature === undefined) {
    if (message.length > bodyEnd) throw createEnvelopeError('TrailingBytes');
    return;
  }
  const start = bodyEnd + signatureLengthBytes;
  if (start > message.length) throw createEnvelopeError('MessageTruncated');
  const length = (message[bodyEnd] as number) * 0x100 + (message[bodyEnd + 1] as number);
  if (length > maxSignatureBytes) throw createEnvelopeError('SignatureInvalid');
  if (start + length > message.length) throw createEnvelopeError('MessageTruncated');
  const publicKey = header.encryptionContext[publicKeyName] as string;
  const [signed, footer] = [message.subarray(0, bodyEnd), message.subarray(start, start + length)];
  await verifySignature(signed, footer, publicKey, signature);
  if (message.length > start + length) throw createEnvelopeError('TrailingBytes');
}
