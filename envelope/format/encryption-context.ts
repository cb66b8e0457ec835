import { ByteReader, decodeUtf8, MoreBytesNeeded } from './byte-reader.ts';
import { compareBytes, concatBytes, encodeBlock, encodeUint16, encodeUtf8 } from './byte-writer.ts';
import { EnvelopeError } from './errors.ts';

/** Pairs that are stored in the header as plain text, and authenticated. KMS requires the same pairs to decrypt the data key. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** The pair in which a signed message stores its public key, as a compressed point in base64. */
export const publicKeyName = 'aws-crypto-public-key';

/** Names with this prefix belong to the message format. Callers may not use them. */
const reservedPrefix = 'aws-crypto-';

/** The section's length field has two bytes. */
const maxSectionBytes = 0xffff;

/**
 * Encodes the encryption context, sorted by the UTF-8 bytes of the names. An empty context is an empty section, without a
 * count (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/body-aad-reference.html).
 */
export function encodeEncryptionContext(context: EncryptionContext): Uint8Array {
  const pairs = Object.entries(context).map(([name, value]) => [encodeUtf8(name), encodeUtf8(value)] as const);
  if (pairs.length === 0) return new Uint8Array(0);
  pairs.sort(([left], [right]) => compareBytes(left, right));
  const lengths = pairs.map(([name, value]) => 4 + name.length + value.length);
  if (lengths.reduce((sum, length) => sum + length, 2) > maxSectionBytes)
    throw new EnvelopeError('InvalidOption', `The encryption context is longer than ${maxSectionBytes} bytes.`);
  return concatBytes([encodeUint16(pairs.length), ...pairs.flat().flatMap(encodeBlock)]);
}

/** Decodes the section of the header. Throws if its inner lengths do not fit, or if a name occurs twice. */
export function decodeEncryptionContext(section: Uint8Array): EncryptionContext {
  if (section.length === 0) return {};
  const reader = new ByteReader(section);
  const pairs = new Map<string, string>();
  try {
    const count = reader.uint16();
    if (count === 0) throw rejectContext('contains no pairs');
    for (let index = 0; index < count; index += 1) {
      const name = decodeUtf8(reader.block());
      const value = decodeUtf8(reader.block());
      if (name === undefined || value === undefined) throw rejectContext('is not valid UTF-8');
      if (pairs.has(name)) throw rejectContext('contains a name twice');
      pairs.set(name, value);
    }
  } catch (error) {
    throw error instanceof MoreBytesNeeded ? rejectContext('is shorter than its pairs') : error;
  }
  if (reader.offset < section.length) throw rejectContext('is longer than its pairs');
  // Unlike an assignment, this creates an own property for `__proto__`.
  return Object.fromEntries(pairs);
}

function rejectContext(reason: string): EnvelopeError {
  return new EnvelopeError('MalformedHeader', `The message is malformed: its encryption context ${reason}.`);
}

/** Throws if a caller's encryption context cannot be stored exactly, or contains a reserved name. */
export function checkEncryptionContext(context: EncryptionContext): void {
  for (const [name, value] of Object.entries(context)) {
    if (name.startsWith(reservedPrefix))
      throw new EnvelopeError(
        'InvalidOption',
        `Names in the encryption context must not start with ${reservedPrefix}.`,
      );
    if (typeof value !== 'string')
      throw new EnvelopeError('InvalidOption', 'Values in the encryption context must be strings.');
    // The encoder would replace a lone surrogate, so that two different contexts could become equal.
    if (!name.isWellFormed() || !value.isWellFormed())
      throw new EnvelopeError('InvalidOption', 'The encryption context must be well-formed Unicode.');
  }
}

/** Throws if the context of a message lacks an expected pair. */
export function matchEncryptionContext(context: EncryptionContext, expected: EncryptionContext = {}): void {
  const hasPair = ([name, value]: [string, string]) => Object.hasOwn(context, name) && context[name] === value;
  if (!Object.entries(expected).every(hasPair))
    throw new EnvelopeError(
      'EncryptionContextMismatch',
      'The encryption context of the message does not contain all expected pairs.',
    );
}

/** Removes the pairs that the message format adds. */
export function omitReservedPairs(context: EncryptionContext): EncryptionContext {
  return Object.fromEntries(Object.entries(context).filter(([name]) => !name.startsWith(reservedPrefix)));
}
