/** An encrypted data key of a message, and the reason why it cannot be used. */
export interface DataKeyFailure {
  /** The ARN of the KMS key, as the message states it. */
  readonly keyArn: string;
  /** The error of the call to Decrypt, usually a `KmsFunctionsClientError`. */
  readonly error: Error;
}

/**
 * Thrown when none of a message's data keys can be decrypted, and there is not exactly one reason. If a message has only
 * one data key under a KMS key, the error of that key is thrown instead.
 */
export class DataKeyUnavailableError extends Error {
  override readonly name = 'DataKeyUnavailableError';

  readonly code = 'DataKeyUnavailable';
  /** The attempts in their order. Empty if the message has no data key that KMS could decrypt. */
  readonly failures: readonly DataKeyFailure[];

  constructor(failures: readonly DataKeyFailure[]) {
    super(
      failures.length === 0
        ? 'The message has no data key that is encrypted under a KMS key.'
        : `None of the message's data keys can be decrypted: ${failures.map(describe).join('; ')}`,
      failures.length === 0 ? undefined : { cause: failures[0]?.error },
    );
    this.failures = failures;
  }
}

function describe({ keyArn, error }: DataKeyFailure): string {
  const { code = error.name }: { readonly code?: string } = error as Error & { readonly code?: string };
  return `${keyArn} (${code}: ${error.message})`;
}
