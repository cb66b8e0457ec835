import { EnvelopeError, type EnvelopeErrorCode } from '../../../envelope/index.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';

/** The codes of the errors that are not about the message itself. */
const codes: Partial<Record<EnvelopeErrorCode, ErrorCode>> = {
  // A mistake in this service, because the input is already validated and KMS creates the data keys.
  InvalidOption: 'InternalError',
  InvalidDataKey: 'InternalError',
  // The code that Decrypt returns for a different encryption context.
  EncryptionContextMismatch: 'InvalidCiphertextException',
};

const commitmentHint =
  'To open messages without key commitment, set CommitmentPolicy to REQUIRE_ENCRYPT_ALLOW_DECRYPT.';

/** Converts the errors of the message codec to the errors that callers receive. */
export async function reportEnvelopeErrors<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    const code = codes[error.code] ?? 'InvalidMessageError';
    const detail = error.code === 'CommitmentRequired' ? `${error.message} ${commitmentHint}` : error.message;
    throw new KmsFunctionsError(code, code === 'InternalError' ? undefined : detail, { cause: error });
  }
}
