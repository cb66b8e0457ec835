import { type ByteReader, decodeUtf8 } from './byte-reader.ts';
import { concatBytes, copyBytes, encodeBlock, encodeUint16, encodeUtf8 } from './byte-writer.ts';
import { EnvelopeError } from './errors.ts';
import type { OpenLimits } from './limits.ts';

/** The data key, encrypted under one wrapping key. */
export interface EncryptedDataKey {
  /** The kind of wrapping key: `aws-kms` for a KMS key. */
  readonly providerId: string;
  /** The wrapping key: the key ARN of a KMS key. Invalid UTF-8 is shown as U+FFFD. */
  readonly providerInfo: string;
  readonly ciphertext: Uint8Array;
  /** The bytes of `providerInfo`, in a message that was read. Keys outside KMS store binary data here. */
  readonly providerInfoBytes?: Uint8Array;
}

/** The provider id of KMS keys. */
export const kmsProviderId = 'aws-kms';

const maxFieldBytes = 0xffff;
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Encodes the section with the encrypted data keys. Throws if there are none, or if a field is too long. */
export function encodeEncryptedDataKeys(keys: readonly EncryptedDataKey[]): Uint8Array {
  const fields = keys.map(({ providerId, providerInfo, providerInfoBytes, ciphertext }) => [
    encodeUtf8(providerId),
    providerInfoBytes ?? encodeUtf8(providerInfo),
    ciphertext,
  ]);
  if (keys.length === 0 || keys.length > maxFieldBytes)
    throw new EnvelopeError('InvalidDataKey', 'A message must have between 1 and 65535 encrypted data keys.');
  if (fields.flat().some((field) => field.length > maxFieldBytes))
    throw new EnvelopeError('InvalidDataKey', 'A field of an encrypted data key is longer than 65535 bytes.');
  return concatBytes([encodeUint16(keys.length), ...fields.flat().flatMap(encodeBlock)]);
}

/** Reads the section with the encrypted data keys. Copies the fields, so that they stay valid when a buffer is reused. */
export function readEncryptedDataKeys(reader: ByteReader, limits: OpenLimits): EncryptedDataKey[] {
  const count = reader.uint16();
  if (count === 0)
    throw new EnvelopeError('MalformedHeader', 'The message is malformed: it has no encrypted data keys.');
  if (count > limits.maxEncryptedDataKeys)
    throw new EnvelopeError(
      'LimitExceeded',
      `The message has ${count} encrypted data keys. The limit is ${limits.maxEncryptedDataKeys}.`,
    );
  const keys: EncryptedDataKey[] = [];
  while (keys.length < count) keys.push(readEncryptedDataKey(reader));
  return keys;
}

function readEncryptedDataKey(reader: ByteReader): EncryptedDataKey {
  const providerId = decodeUtf8(reader.block());
  if (providerId === undefined)
    throw new EnvelopeError('MalformedHeader', 'The message is malformed: a key provider id is not valid UTF-8.');
  const providerInfoBytes = copyBytes(reader.block());
  const ciphertext = copyBytes(reader.block());
  return { providerId, providerInfo: lossyUtf8.decode(providerInfoBytes), ciphertext, providerInfoBytes };
}
