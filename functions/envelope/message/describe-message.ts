import { type MessageHeader, readHeader } from '../../../envelope/index.ts';
import { encodeBase64 } from '../../../shared/declaration/base64.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { maxMessageBytes } from '../shapes.ts';

/** A new message, and the facts about it that an operation returns. */
export interface NewMessage {
  readonly Message: string;
  readonly AlgorithmSuite: string;
  /** The ARNs of the message's keys. */
  readonly keyArns: readonly string[];
}

/** Describes a new message. Throws if Open would not accept the message, because of its many short frames. */
export function describeMessage(message: Uint8Array): NewMessage {
  if (message.length > maxMessageBytes)
    throw new KmsFunctionsError(
      'PayloadTooLargeError',
      `The message would have ${message.length} bytes, but at most ${maxMessageBytes} are possible. Send less data, or use longer frames.`,
    );
  const { suite, encryptedDataKeys } = readHeader(message) as MessageHeader;
  return {
    Message: encodeBase64(message),
    AlgorithmSuite: suite.name,
    keyArns: encryptedDataKeys.map(({ providerInfo }) => providerInfo),
  };
}
