import type { ErrorCode } from '../../shared/declaration/error-catalogue.ts';

/**
 * The error codes that KMS operations document, the codes that KMS returns before it runs an operation
 * (https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html), and the codes of GetResources
 * (https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html).
 */
export type KmsErrorCode =
  | Extract<ErrorCode, `${string}Exception`>
  | 'IncompleteSignatureException'
  | 'InvalidParameterException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'PaginationTokenExpiredException'
  | 'RequestEntityTooLargeException'
  | 'UnknownOperationException'
  | 'UnrecognizedClientException';

/**
 * An error that the emulator returns to the caller, with the code as `__type`. Any other error is a bug in the
 * emulator.
 */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly code: KmsErrorCode;
  /** The reason why authorization failed, for logs. The message for the caller can contain less. */
  readonly denial: string | undefined;

  /** Omit the message for codes that KMS returns without a message, such as InvalidCiphertextException. */
  constructor(code: KmsErrorCode, message = '', denial?: string) {
    super(message);
    this.code = code;
    this.denial = denial;
  }
}
