/** An error as KMS answers it: `__type` is its code. Thrown by checks and actions; anything else thrown is a fault of ours. */
export class KmsError extends Error {
  readonly code: string;

  /** `message` undefined: KMS sends none with some codes (InvalidCiphertextException). */
  constructor(code: string, message?: string) {
    super(message ?? '');
    this.name = 'KmsError';
    this.code = code;
  }
}
