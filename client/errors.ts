import type { ErrorCode } from '../shared/declaration/error-catalogue.ts';
import type { InputError } from '../shared/errors/kms-functions-error.ts';

export type { ErrorCode, InputError };

/** The codes of all errors: those of AWS and of the service ({@link ErrorCode}), and those of the client. */
export type ClientErrorCode =
  | ErrorCode
  | 'GatewayError'
  | 'FunctionError'
  | 'NetworkError'
  | 'CallTimeoutError'
  | 'UnreadableResponseError'
  | 'UnsendableRequestError';

/** The properties of an error besides its code and message. */
export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: readonly InputError[] | undefined;
  readonly cause?: unknown;
}

/**
 * The base class of the errors with which the client's methods reject. An aborted call rejects with the reason of
 * its signal instead. `name` and `code` are equal, as in the AWS SDK.
 *
 * @example
 * ```ts
 * try {
 *   await client.describeKey({ KeyId: 'alias/app' });
 * } catch (error) {
 *   if (error instanceof KmsFunctionsClientError && error.code === 'NotFoundException') return undefined;
 *   throw error;
 * }
 * ```
 */
export class KmsFunctionsClientError extends Error {
  readonly code: ClientErrorCode;
  /**
   * The HTTP status of the response. After a direct invocation, the status that the error has over HTTP.
   * `undefined` if there was no response.
   */
  readonly status: number | undefined;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** The id of the request in the logs of the service. */
  readonly requestId: string | undefined;
  /** The delay before a retry that the service requires (Retry-After), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** All errors in the input, each with a JSON pointer. Empty after direct invocation. */
  readonly errors: readonly InputError[];

  constructor(code: ClientErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = code;
    this.code = code;
    this.status = details.status;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.errors = details.errors ?? [];
  }
}

/**
 * The function returned an error. `code` is an AWS error code, such as `NotFoundException`, or a code of this service, such
 * as `TimeoutError`.
 */
export class ServiceError extends KmsFunctionsClientError {
  declare readonly code: ErrorCode;
}

/**
 * API Gateway or Lambda's Invoke responded instead of the function: the caller is not authenticated (401) or not
 * allowed (403), the route or function does not exist (404), the call was throttled (429), the service is unavailable
 * (500, 502, 503, 504).
 */
export class GatewayError extends KmsFunctionsClientError {
  declare readonly code: 'GatewayError';
  declare readonly status: number;

  constructor(status: number, message: string, details: ErrorDetails = {}) {
    super('GatewayError', message, { retryable: retryableStatuses.has(status), ...details, status });
  }
}

const retryableStatuses = new Set([429, 500, 502, 503, 504]);

/** The function ended without a response: it crashed, ran out of memory or timed out. Only for direct invocation. */
export class FunctionError extends KmsFunctionsClientError {
  declare readonly code: 'FunctionError';

  constructor(message: string, details: ErrorDetails = {}) {
    super('FunctionError', message, { retryable: true, ...details });
  }
}

/**
 * There was no response: the connection failed or broke. The call may have been carried out. `cause` is the error of
 * `fetch` or of the SDK.
 */
export class NetworkError extends KmsFunctionsClientError {
  declare readonly code: 'NetworkError';

  constructor(cause: unknown) {
    super('NetworkError', 'The service cannot be reached, or the connection broke.', { retryable: true, cause });
  }
}

/** The call, including its retries, took longer than `timeoutMs`. It may have been carried out. */
export class CallTimeoutError extends KmsFunctionsClientError {
  declare readonly code: 'CallTimeoutError';

  constructor(timeoutMs: number) {
    super('CallTimeoutError', `The call did not finish within ${timeoutMs} ms.`, { retryable: true });
  }
}

/**
 * A successful response does not have the form that the operation returns. The endpoint is probably not kms-functions.
 */
export class UnreadableResponseError extends KmsFunctionsClientError {
  declare readonly code: 'UnreadableResponseError';

  constructor(reason: string, details: ErrorDetails = {}) {
    super('UnreadableResponseError', `The response cannot be read: ${reason}.`, details);
  }
}

/** The request does not fit any route of its operation, so it was not sent. A key in a path must not be empty or contain a dot. */
export class UnsendableRequestError extends KmsFunctionsClientError {
  declare readonly code: 'UnsendableRequestError';

  constructor(reason: string) {
    super('UnsendableRequestError', `The request cannot be sent: ${reason}.`);
  }
}
