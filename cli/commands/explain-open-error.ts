import { DataKeyUnavailableError } from '../../client/sealer/errors.ts';
import { EnvelopeError } from '../../client/sealer/index.ts';
import { ExplainedError } from '../explained-error.ts';

const base64Hint = 'For example: base64 --decode message.txt > message.sealed';
const keyHint = 'The message was sealed under another key. Without --key, `open` uses the key that the message names.';

/** Adds what the user of `open` can do. Returns other errors unchanged. */
export function explainOpenError(error: unknown): unknown {
  if (isInvalidCiphertext(error)) {
    return new ExplainedError(error as Error, {
      outcome: 'message',
      detail: 'KMS cannot decrypt the data key of the message.',
      hint: 'The message was changed, or it was sealed for another stage or tenant.',
    });
  }
  if (hasCode(error, 'IncorrectKeyException')) return new ExplainedError(error as Error, { hint: keyHint });
  if (error instanceof EnvelopeError && error.code === 'NotAMessage' && error.message.includes('base64')) {
    return new ExplainedError(error, { hint: base64Hint });
  }
  return error;
}

/** KMS returns this code if the encrypted data key, or the encryption context in the header, was changed. */
function isInvalidCiphertext(error: unknown): boolean {
  if (error instanceof DataKeyUnavailableError) {
    return error.failures.length > 0 && error.failures.every((failure) => isInvalidCiphertext(failure.error));
  }
  return hasCode(error, 'InvalidCiphertextException');
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { readonly code?: unknown }).code === code;
}
