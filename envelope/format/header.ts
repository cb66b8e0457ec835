import { ByteReader, MoreBytesNeeded } from './byte-reader.ts';
import { concatBytes, copyBytes, encodeBlock, encodeUint16, encodeUint32 } from './byte-writer.ts';
import { type EncryptedDataKey, encodeEncryptedDataKeys, readEncryptedDataKeys } from './encrypted-data-keys.ts';
import {
  decodeEncryptionContext,
  type EncryptionContext,
  encodeEncryptionContext,
  publicKeyName,
} from './encryption-context.ts';
import { EnvelopeError } from './errors.ts';
import { type OpenLimits, resolveOpenLimits } from './limits.ts';
import { type AlgorithmSuite, findSuite, formatSuite } from './suites.ts';

/** The header of a message. Until the message is opened, its contents are not authenticated. */
export interface MessageHeader {
  readonly suite: AlgorithmSuite;
  readonly messageId: Uint8Array;
  /** Includes the public key of a signed message, as the pair `aws-crypto-public-key`. */
  readonly encryptionContext: EncryptionContext;
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
  /** Whether the body consists of frames. Version 1 also has unframed bodies. */
  readonly isFramed: boolean;
  /** The length of each frame but the last, or 0 for an unframed body. */
  readonly frameLength: number;
  /** Identifies the data key, in a message whose suite commits to it. */
  readonly commitmentKey?: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  /** The number of bytes that the tag authenticates. */
  readonly authenticatedBytes: number;
  /** The length of the whole header. The body follows. */
  readonly headerBytes: number;
}

/** The length of the message id in each version of the format. */
export const messageIdBytes = { 1: 16, 2: 32 } as const;
export const ivBytes = 12;
export const tagBytes = 16;
export const commitmentKeyBytes = 32;
export const zeroIv: Uint8Array = new Uint8Array(ivBytes);

const messageType = 0x80;
const contentTypes: Readonly<Record<number, boolean>> = { 1: false, 2: true };
const framed = 2;

/** The members of a header that is written. */
export type NewHeader = Pick<MessageHeader, 'suite' | 'messageId' | 'encryptionContext' | 'encryptedDataKeys'> & {
  readonly frameLength: number;
  readonly commitmentKey: Uint8Array;
};

/** Encodes the part of a version 2 header that its tag authenticates. The tag follows. */
export function encodeHeader(header: NewHeader): Uint8Array {
  return concatBytes([
    Uint8Array.of(2),
    encodeUint16(header.suite.id),
    header.messageId,
    ...encodeBlock(encodeEncryptionContext(header.encryptionContext)),
    encodeEncryptedDataKeys(header.encryptedDataKeys),
    Uint8Array.of(framed),
    encodeUint32(header.frameLength),
    header.commitmentKey,
  ]);
}

/**
 * Reads the header at the start of a message. Returns `undefined` if the header needs more bytes. The result is not
 * authenticated: use it to choose a key, for example, but not as a fact.
 */
export function readHeader(message: Uint8Array, limits: Partial<OpenLimits> = {}): MessageHeader | undefined {
  const header = parseHeader(message, resolveOpenLimits(limits));
  return typeof header === 'number' ? undefined : header;
}

/** Reads the header, or returns the number of bytes that it has at least if the given bytes end too early. */
export function parseHeader(message: Uint8Array, limits: OpenLimits): MessageHeader | number {
  try {
    return readFields(new ByteReader(message, limits.maxHeaderBytes), limits);
  } catch (error) {
    if (error instanceof MoreBytesNeeded) return error.minimumBytes;
    throw error;
  }
}

function readFields(reader: ByteReader, limits: OpenLimits): MessageHeader {
  const suite = readSuite(reader);
  const messageId = copyBytes(reader.take(messageIdBytes[suite.version]));
  const encryptionContext = decodeEncryptionContext(reader.block());
  checkPublicKey(suite, encryptionContext);
  const encryptedDataKeys = readEncryptedDataKeys(reader, limits);
  const isFramed = contentTypes[reader.uint8()];
  if (isFramed === undefined) throw rejectHeader('its content type is unknown');
  if (suite.version === 1) readVersion1Fields(reader);
  const frameLength = reader.uint32();
  checkFrameLength(frameLength, isFramed, limits);
  const commitmentKey = suite.isCommitting ? copyBytes(reader.take(commitmentKeyBytes)) : undefined;
  const authenticatedBytes = reader.offset;
  return {
    suite,
    messageId,
    encryptionContext,
    encryptedDataKeys,
    isFramed,
    frameLength,
    ...(commitmentKey && { commitmentKey }),
    iv: suite.version === 1 ? copyBytes(reader.take(ivBytes)) : zeroIv,
    tag: copyBytes(reader.take(tagBytes)),
    authenticatedBytes,
    headerBytes: reader.offset,
  };
}

/** Reads the version, the type (in version 1) and the suite. */
function readSuite(reader: ByteReader): AlgorithmSuite {
  const version = reader.uint8();
  if (version !== 1 && version !== 2) throw rejectVersion(reader.bytes);
  // A ciphertext of KMS also starts with a byte of 1.
  if (version === 1 && reader.uint8() !== messageType) throw rejectVersion(reader.bytes);
  const id = reader.uint16();
  const suite = findSuite(id);
  if (suite === undefined)
    throw new EnvelopeError('UnsupportedSuite', `The message uses the unknown algorithm suite ${formatSuite({ id })}.`);
  if (suite.version !== version) throw rejectHeader('its version does not match its algorithm suite');
  return suite;
}

function rejectVersion(bytes: Uint8Array): EnvelopeError {
  // Base64 of a message starts with `AY` in version 1, and with `Ag` in version 2.
  const isBase64 = bytes[0] === 0x41 && (bytes[1] === 0x59 || bytes[1] === 0x67);
  return new EnvelopeError(
    'NotAMessage',
    isBase64
      ? 'The input is a message in base64. Decode it before you open it.'
      : 'The input is not a message of the AWS Encryption SDK.',
  );
}

/** Version 1 has four reserved bytes and the length of IVs. */
function readVersion1Fields(reader: ByteReader): void {
  if (reader.uint32() !== 0) throw rejectHeader('its reserved bytes are not zero');
  if (reader.uint8() !== ivBytes) throw rejectHeader(`its IV length is not ${ivBytes}`);
}

function checkFrameLength(frameLength: number, isFramed: boolean, { maxFrameLength }: OpenLimits): void {
  if (isFramed && frameLength === 0) throw rejectHeader('its frame length is 0');
  if (!isFramed && frameLength !== 0) throw rejectHeader('it is unframed, but has a frame length');
  if (frameLength > maxFrameLength)
    throw new EnvelopeError(
      'LimitExceeded',
      `The message has frames of ${frameLength} bytes. The limit is ${maxFrameLength}.`,
    );
}

/**
 * Checks that exactly the signed messages have a public key
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/default-cmm.md#decrypt-materials).
 */
function checkPublicKey(suite: AlgorithmSuite, context: EncryptionContext): void {
  const hasPublicKey = Object.hasOwn(context, publicKeyName);
  if (suite.signature !== undefined && !hasPublicKey) throw rejectHeader('it is signed, but has no public key');
  if (suite.signature === undefined && hasPublicKey) throw rejectHeader('it has a public key, but is not signed');
}

function rejectHeader(reason: string): EnvelopeError {
  return new EnvelopeError('MalformedHeader', `The message is malformed: ${reason}.`);
}
