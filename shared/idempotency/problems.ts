import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import type { SentAttempt } from './attempt-store.ts';

/**
 * The time in which AWS usually updates its index of tags. Within this time, a search can miss a key that exists. AWS
 * documents no limit. KMS itself applies new tags within five minutes
 * (https://docs.aws.amazon.com/kms/latest/developerguide/abac.html).
 */
const indexDelayMs = 5 * 60_000;

/** Each error explains what the caller can do. No error contains the idempotency key or its hash. */

export function otherRequest(): KmsFunctionsError {
  return new KmsFunctionsError('IdempotencyKeyReusedError');
}

export function inProgress(): KmsFunctionsError {
  return new KmsFunctionsError('IdempotencyInProgressError');
}

/** The search found no key. The error is retryable as long as the search can miss a key. */
export function unfinished({ requestId, sentUntilMs }: SentAttempt): KmsFunctionsError {
  const detail = [
    `The request ${requestId} with this idempotency key did not finish, and no key with its tag was found yet.`,
    `The search can miss a key for some minutes. Look for the key with \`npm run find-key -- ${requestId}\`.`,
    'If there is no key, send the request with another idempotency key.',
  ].join(' ');
  const isRetryable = Date.now() < sentUntilMs + indexDelayMs;
  return new KmsFunctionsError('IdempotencyUnfinishedError', detail, { isRetryable });
}

/** The role does not allow the function to read the key, as long as KMS has not applied the key's tags. */
export function notReadable(arn: string): KmsFunctionsError {
  const detail = `An earlier request with this idempotency key created the key ${arn}, which KMS does not allow this service to read yet. Send the request again in some minutes.`;
  return new KmsFunctionsError('IdempotencyUnfinishedError', detail, { isRetryable: true });
}

/** The created key must not be used any more, so that a response with it would mislead the caller. */
export function pendingDeletion(arn: string): KmsFunctionsError {
  const detail = `An earlier request with this idempotency key created the key ${arn}, which is pending deletion. To create a key, send the request with another idempotency key.`;
  return new KmsFunctionsError('KMSInvalidStateException', detail);
}

export function unavailable(cause: unknown): KmsFunctionsError {
  return new KmsFunctionsError('IdempotencyUnavailableError', undefined, { cause });
}

/** KMS may have created a key. The caller can find out by sending the same request again. */
export function uncertain(error: KmsFunctionsError, requestId: string): KmsFunctionsError {
  const detail = `${error.message} The outcome of the request ${requestId} is unknown. Send the request again with the same idempotency key. The service then looks for the key, and does not create another one.`;
  return new KmsFunctionsError(error.code, detail, { cause: error.cause, isRetryable: true });
}
