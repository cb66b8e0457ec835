import { type ErrorCode, getCatalogueEntry, isErrorCode } from '../declaration/error-catalogue.ts';
import type { Operation } from '../declaration/operation.ts';
import { KmsFunctionsError } from './kms-functions-error.ts';
import { redactRequestValues } from './redact-request-values.ts';

interface ServiceError extends Error {
  /** The error code from a Node.js socket or the DNS resolver. */
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/** The call that failed. */
export interface ErrorSource {
  /** The request as JSON. The error detail must not contain values from this JSON, except those that the model lists. */
  readonly json: unknown;
  readonly operation: Pick<Operation, 'input'>;
  readonly config: { readonly keyScope: 'service' | 'account' };
}

const throttlingCodes = new Set(['Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown']);
const timeoutNames = new Set(['TimeoutError', 'AbortError', 'RequestTimeout', 'RequestTimeoutException']);
/** The error codes that Node.js reports if it cannot reach a host. */
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Converts any value thrown during a call to the error that the caller receives. */
export function toKmsFunctionsError(thrown: unknown, source: ErrorSource): KmsFunctionsError {
  if (thrown instanceof KmsFunctionsError) return thrown;
  if (!(thrown instanceof Error)) return new KmsFunctionsError('InternalError', undefined, { cause: thrown });
  const error: ServiceError = thrown;
  const code = findOwnCode(error, source);
  if (code !== undefined) return new KmsFunctionsError(code, undefined, { cause: error });
  const status = error.$metadata?.httpStatusCode;
  if (status !== undefined && isErrorCode(error.name)) {
    return new KmsFunctionsError(error.name, findDetail(error, error.name, source), { cause: error });
  }
  // KMS has no error code for a request that exceeds its size limit.
  if (status === 413) return new KmsFunctionsError('PayloadTooLargeError', undefined, { cause: error });
  // Unreadable responses, and 5xx responses with an unknown code, are KMS failures.
  const isKmsFailure = status !== undefined && (status >= 500 || error instanceof SyntaxError);
  return new KmsFunctionsError(isKmsFailure ? 'KMSInternalException' : 'InternalError', undefined, { cause: error });
}

/** Returns the catalogue's code for an error that has a different name in KMS or the SDK. */
function findOwnCode(error: ServiceError, { config }: ErrorSource): ErrorCode | undefined {
  // The SDK also reports a reset connection as TimeoutError, so the socket code is checked first.
  if (typeof error.code === 'string' && socketCodes.has(error.code)) return 'KmsUnreachableError';
  if (timeoutNames.has(error.name) || error.code === 'ETIMEDOUT') return 'TimeoutError';
  const isThrottled = error.$metadata?.httpStatusCode === 429 || error.$retryable?.throttling;
  if (isThrottled || throttlingCodes.has(error.name)) return 'ThrottlingException';
  if (config.keyScope === 'service' && lacksServiceTag(error)) return 'TagNotBoundError';
  return undefined;
}

/**
 * Returns `true` if the function's role does not allow the call because of the service tag. The role allows the
 * operation only on keys with this tag. A key that the role does not allow has no service tag, or received the tag less
 * than five minutes ago (https://docs.aws.amazon.com/kms/latest/developerguide/abac.html). Explicit denials and key
 * policy denials have different messages
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
function lacksServiceTag({ name, message }: Error): boolean {
  return name === 'AccessDeniedException' && message.includes('because no identity-based policy allows');
}

/** Replaces the message of KMS, which only repeats the value. */
const invalidKeyId =
  'The key identifier is not valid. Use a key id (a UUID), an alias with its prefix alias/, or the ARN of a key or alias.';

/** Returns the KMS message without request values, or `undefined` if callers should not see the message. */
function findDetail({ message }: Error, code: ErrorCode, { json, operation }: ErrorSource): string | undefined {
  // The SDK reports `UnknownError` for a response without a body.
  if (getCatalogueEntry(code).status >= 500 || message === '' || message === 'UnknownError') return undefined;
  if (message.startsWith('Invalid keyId')) return invalidKeyId;
  return redactRequestValues(code === 'AccessDeniedException' ? hideArns(message) : message, json, operation.input);
}

/**
 * Removes all ARNs from an access denied message. The message contains the function's role and the key to which an
 * alias or a ciphertext refers (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
function hideArns(message: string): string {
  return message.replaceAll(/\barn:[\w-]+:[^\s"',;]+/g, '…');
}
