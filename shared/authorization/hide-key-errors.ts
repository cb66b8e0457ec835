import type { Call } from '../call/call.ts';
import type { ErrorCode } from '../declaration/error-catalogue.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { toKmsFunctionsError } from '../errors/to-kms-functions-error.ts';
import { callerNotAllowed } from './caller-not-allowed.ts';

/** The errors that do not depend on the key. */
const neutralCodes: ReadonlySet<ErrorCode> = new Set([
  'DependencyTimeoutException',
  'InternalError',
  'KMSInternalException',
  'KmsUnreachableError',
  'ServiceUnavailableException',
  'ThrottlingException',
  'TimeoutError',
]);

/** Matches a key ARN in a KMS error message. */
const keyArn = /arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+/;

/**
 * Creates the error for a ciphertext whose key the caller may not use. KMS checks a ciphertext and its key in several
 * steps. If each step had its own error, the errors would reveal the state of a key that the caller may not use.
 */
export function ciphertextNotAllowed(): KmsFunctionsError {
  return callerNotAllowed(
    'The ciphertext is not valid for this request, or the caller may not use its key. For a specific error, also specify the key.',
  );
}

/** Returns `true` if KMS returned an error that can depend on the key's state or on the ciphertext. */
export function dependsOnKey(error: unknown, call: Call): boolean {
  if (error instanceof KmsFunctionsError) return false;
  return !neutralCodes.has(toKmsFunctionsError(error, call).code);
}

/** Returns the key ARN in a KMS error message, or `undefined` if the message contains none. */
export function readKeyArn(error: unknown): string | undefined {
  return error instanceof Error ? keyArn.exec(error.message)?.[0] : undefined;
}
