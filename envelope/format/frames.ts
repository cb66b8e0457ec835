import { ByteReader } from './byte-reader.ts';
import { copyBytes, encodeUtf8, writeUint32 } from './byte-writer.ts';
import { EnvelopeError } from './errors.ts';
import { ivBytes, type MessageHeader, tagBytes } from './header.ts';
import { maxUint32, type OpenLimits } from './limits.ts';

/** The part of the body that one tag authenticates. `unframed` is the whole body of an unframed message. */
export type FrameKind = 'regular' | 'final' | 'unframed';

/** The texts that the additional authenticated data contains. */
const contentTexts: Readonly<Record<FrameKind, Uint8Array>> = {
  regular: encodeUtf8('AWSKMSEncryptionClient Frame'),
  final: encodeUtf8('AWSKMSEncryptionClient Final Frame'),
  unframed: encodeUtf8('AWSKMSEncryptionClient Single Block'),
};

/** Replaces the number of a frame at the start of the final frame. */
const endMark = maxUint32;

const numberBytes = 4;
const lengthBytes = 4;

/** The bytes of each kind of frame before its content. */
export const frameHeadBytes = {
  regular: numberBytes + ivBytes,
  final: numberBytes + numberBytes + ivBytes + lengthBytes,
  unframed: ivBytes + 8,
} as const satisfies Record<FrameKind, number>;

/** The bytes of each frame other than its content. */
const frameOverheadBytes = { regular: frameHeadBytes.regular + tagBytes, final: frameHeadBytes.final + tagBytes };

/** The members of a header that describe the body. */
export type BodyLayout = Pick<MessageHeader, 'isFramed' | 'frameLength'>;

/** A frame's number, starting at 1, and the length of its content. */
export interface Frame {
  readonly kind: FrameKind;
  readonly number: number;
  readonly contentBytes: number;
}

/**
 * Returns the frames of a plaintext. The final frame may be full. It is empty only if the plaintext is empty, as in AWS's
 * libraries (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/data-format/message-body.md#final-frame).
 */
export function* divideIntoFrames(plaintextBytes: number, frameLength: number): Generator<Frame> {
  const count = Math.max(1, Math.ceil(plaintextBytes / frameLength));
  for (let number = 1; number < count; number += 1) yield { kind: 'regular', number, contentBytes: frameLength };
  yield { kind: 'final', number: count, contentBytes: plaintextBytes - (count - 1) * frameLength };
}

/** Returns the length of the body with all frames. */
export function measureBody(plaintextBytes: number, frameLength: number): number {
  const regularFrames = Math.max(1, Math.ceil(plaintextBytes / frameLength)) - 1;
  return plaintextBytes + regularFrames * frameOverheadBytes.regular + frameOverheadBytes.final;
}

/** Returns a length that is sufficient for the plaintext of a body, whether or not the body is valid and complete. */
export function boundPlaintext(bodyBytes: number, { isFramed, frameLength }: BodyLayout): number {
  if (!isFramed) return bodyBytes;
  const { regular, final } = frameOverheadBytes;
  const regularFrames = Math.max(0, Math.floor((bodyBytes - final) / (frameLength + regular)));
  return bodyBytes - regularFrames * regular;
}

/** Throws if a message would have more frames than the format allows. The last number is for the final frame only. */
export function checkFrameNumber({ kind, number }: Frame): void {
  if (number < endMark || (number === endMark && kind === 'final')) return;
  throw new EnvelopeError('LimitExceeded', 'A message has at most 4294967295 frames. Use a larger `frameLength`.');
}

/** Returns the IV of a frame: its number, as in AWS's libraries. */
export function createFrameIv(number: number): Uint8Array {
  const iv = new Uint8Array(ivBytes);
  writeUint32(iv, ivBytes - numberBytes, number);
  return iv;
}

/** Encodes the bytes of a frame before its content. */
export function encodeFrameHead({ kind, number, contentBytes }: Frame, iv: Uint8Array): Uint8Array {
  const head = new Uint8Array(frameHeadBytes[kind]);
  let offset = kind === 'final' ? writeUint32(head, 0, endMark) : 0;
  offset = writeUint32(head, offset, number);
  head.set(iv, offset);
  if (kind === 'final') writeUint32(head, offset + ivBytes, contentBytes);
  return head;
}

/**
 * Encodes the additional authenticated data of a frame
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/body-aad-reference.html).
 */
export function encodeFrameAad(messageId: Uint8Array, { kind, number, contentBytes }: Frame): Uint8Array {
  const text = contentTexts[kind];
  const aad = new Uint8Array(messageId.length + text.length + numberBytes + 8);
  aad.set(messageId);
  aad.set(text, messageId.length);
  let offset = writeUint32(aad, messageId.length + text.length, number);
  offset = writeUint32(aad, offset, Math.floor(contentBytes / 2 ** 32));
  writeUint32(aad, offset, contentBytes);
  return aad;
}

/** A frame to decrypt: the fields before its content. */
export interface FrameHead extends Frame {
  readonly iv: Uint8Array;
  readonly headBytes: number;
}

/**
 * Reads the fields of a frame before its content, or returns the number of bytes that they need. Throws if the frame is
 * not the one with the expected number.
 */
export function parseFrameHead(
  bytes: Uint8Array,
  number: number,
  { isFramed, frameLength }: BodyLayout,
  limits: OpenLimits,
): FrameHead | number {
  if (!isFramed) return parseUnframedHead(bytes, limits);
  if (number > limits.maxFrames)
    throw new EnvelopeError('LimitExceeded', `The message has more than ${limits.maxFrames} frames.`);
  if (bytes.length < numberBytes) return numberBytes;
  const kind = new ByteReader(bytes).uint32() === endMark ? 'final' : 'regular';
  const headBytes = frameHeadBytes[kind];
  if (bytes.length < headBytes) return headBytes;
  const reader = new ByteReader(bytes, headBytes, kind === 'final' ? numberBytes : 0);
  const found = reader.uint32();
  if (found !== number)
    throw new EnvelopeError('FrameOutOfOrder', `The message contains frame ${found} where frame ${number} belongs.`);
  const iv = copyBytes(reader.take(ivBytes));
  const contentBytes = kind === 'final' ? reader.uint32() : frameLength;
  if (contentBytes > frameLength)
    throw new EnvelopeError('FrameTooLong', 'The final frame is longer than the frame length of the message.');
  return { kind, number, iv, contentBytes, headBytes };
}

function parseUnframedHead(bytes: Uint8Array, { maxFrameLength }: OpenLimits): FrameHead | number {
  const headBytes = frameHeadBytes.unframed;
  if (bytes.length < headBytes) return headBytes;
  const reader = new ByteReader(bytes);
  const iv = copyBytes(reader.take(ivBytes));
  const contentBytes = reader.uint32() * 2 ** 32 + reader.uint32();
  if (contentBytes > maxFrameLength)
    throw new EnvelopeError(
      'LimitExceeded',
      `The message has an unframed body of ${contentBytes} bytes. The limit is ${maxFrameLength}.`,
    );
  return { kind: 'unframed', number: 1, iv, contentBytes, headBytes };
}
