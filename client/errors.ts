import type { ErrorCode } from '../shared/errors/catalogue.ts';
import type { InputError } from '../shared/errors/kms-functions-error.ts';

export type { ErrorCode, InputError };

/** Every code that an error of the client has: AWS's and the service's own, and those of what happens on the way there. */
export type ClientErrorCode =
  | ErrorCode
  | 'GatewayError'
  | 'FunctionError'
  | 'NetworkError'
  | 'CallTimeoutError'
  | 'UnreadableAnswerError'
  | 'UnsendableRequestError';

/** What is known of an error beside its code and message. */
export interface ErrorFacts {
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: readonly InputError[] | undefined;
  readonly cause?: unknown;
}

/**
 * What every method of the client rejects with, but for an aborted call, which rejects with the signal's own reason.
 * Its `name` is its code, as with the AWS SDK: `error.code === 'NotFoundException'`.
 */
export class KmsFunctionsClientError extends Error {
  readonly code: ClientErrorCode;
  /** HTTP status of the answer; of a direct invocation, the status that the same error has over HTTP. Absent where nobody answered. */
  readonly status: number | undefined;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** The request's id in the service's log. */
  readonly requestId: string | undefined;
  /** How long the service asked to be left alone (Retry-After), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** All that is wrong with the input, where the service said so over HTTP; otherwise empty. */
  readonly errors: readonly InputError[];

  constructor(code: ClientErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = code;
    this.code = code;
    this.status = facts.status;
    this.retryable = facts.retryable ?? false;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.errors = facts.errors ?? [];
  }
}

/** The function answered with an error: AWS's code, such as `NotFoundException`, or the service's own, such as `TimeoutError`. */
export class ServiceError extends KmsFunctionsClientError {
  declare readonly code: ErrorCode;
}

/**
 * API Gateway, or Lambda's Invoke, answered instead of the function: not signed in (401), not allowed (403), no such route
 * or function (404), throttled (429), not available (500, 502, 503, 504).
 */
export class GatewayError extends KmsFunctionsClientError {
  declare readonly code: 'GatewayError';
  declare readonly status: number;

  constructor(status: number, message: string, facts: ErrorFacts = {}) {
    super('GatewayError', message, { retryable: retryableStatuses.has(status), ...facts, status });
  }
}

const retryableStatuses = new Set([429, 500, 502, 503, 504]);

/** The function ended without an answer of its own: it crashed, ran out of memory or of time. Direct invocation only. */
export class FunctionError extends KmsFunctionsClientError {
  declare readonly code: 'FunctionError';

  constructor(message: string, facts: ErrorFacts = {}) {
    super('FunctionError', message, { retryable: true, ...facts });
  }
}

/** Nobody answered: no connection, or one that broke. Whether the call was carried out is not known. */
export class NetworkError extends KmsFunctionsClientError {
  declare readonly code: 'NetworkError';

  constructor(cause: unknown) {
    super('NetworkError', 'The service cannot be reached, or the connection broke.', { retryable: true, cause });
  }
}

/** The call, its retries included, took longer than its `timeoutMs`. Whether it was carried out is not known. */
export class CallTimeoutError extends KmsFunctionsClientError {
  declare readonly code: 'CallTimeoutError';

  constructor(timeoutMs: number) {
    super('CallTimeoutError', `The call did not end within ${timeoutMs} ms.`, { retryable: true });
  }
}

/** A success that cannot be read as what the operation answers: something other than kms-functions is there. */
export class UnreadableAnswerError extends KmsFunctionsClientError {
  declare readonly code: 'UnreadableAnswerError';

  constructor(reason: string, facts: ErrorFacts = {}) {
    super('UnreadableAnswerError', `The answer cannot be read: ${reason}.`, facts);
  }
}

/** The request was not sent, since no route can carry it as it is: a path cannot hold an empty key, or one with a dot. */
export class UnsendableRequestError extends KmsFunctionsClientError {
  declare readonly code: 'UnsendableRequestError';

  constructor(reason: string) {
    super('UnsendableRequestError', `The request cannot be sent: ${reason}.`);
  }
}
