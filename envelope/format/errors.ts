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

/** An error with a stable code. Its message never contains plaintext, keys or values of the encryption context. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';

  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
