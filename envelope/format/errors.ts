/** The reasons for which sealing or opening a message fails. */
export type EnvelopeErrorCode =
  | 'InvalidOption'
  | 'InvalidDataKey'
  | 'NotAMessage'
  | 'MessageTruncated'
  | 'TrailingBytes'
  | 'MalformedHeader'
  | 'UnsupportedSuite'
  | 'CommitmentRequired'
  | 'LimitExceeded'
  | 'EncryptionContextMismatch'
  | 'KeyCommitmentMismatch'
  | 'HeaderAuthenticationFailed'
  | 'FrameOutOfOrder'
  | 'FrameTooLong'
  | 'FrameAuthenticationFailed'
  | 'SignatureInvalid'
  | 'SignedMessageInStream'
  | 'PlaintextLengthMismatch';

/** The messages of errors that need no details. */
const messages = {
  MessageTruncated: 'The message ends too early.',
  TrailingBytes: 'The message is followed by other bytes.',
  KeyCommitmentMismatch: 'The message was not sealed with this data key.',
  HeaderAuthenticationFailed: 'The message header was changed, or the data key is wrong.',
  SignatureInvalid: 'The signature of the message is not valid.',
} as const satisfies Partial<Record<EnvelopeErrorCode, string>>;

/** An error with a stable code. Its message never contains plaintext, keys or values of the encryption context. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';

  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Creates an error with the fixed message of its code. */
export function createEnvelopeError(code: keyof typeof messages): EnvelopeError {
  return new EnvelopeError(code, messages[code]);
}

/** Creates the error for a frame whose tag does not match. */
export function rejectFrame(number: number): EnvelopeError {
  return new EnvelopeError('FrameAuthenticationFailed', `Frame ${number} of the message was changed.`);
}
