import type { ErrorCode } from '../shared/declaration/error-catalogue.ts';
import type { InputError } from '../shared/errors/kms-functions-error.ts';

export type { ErrorCode, InputError };

/** The code of an error: an AWS or service code ({@link ErrorCode}), or one of the client's own codes. */
export type ClientErrorCode =
  | ErrorCode
  | 'GatewayError'
  | 'FunctionError'
  | 'NetworkError'
  | 'CallTimeoutError'
  | 'UnreadableResponseError'
  | 'UnsendableRequestError';

/** The properties of an error, except its code and message. */
export interface ErrorDetails {
  readonly status?: number | undefined;
  readonly retryable?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly attempts?: number | undefined;
  readonly errors?: readonly InputError[] | undefined;
  readonly cause?: unknown;
}

/**
 * The base class of the errors that the client's methods reject with. An aborted call rejects with the signal's reason
 * instead. `name` equals `code`, as in the AWS SDK.
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
   * The HTTP status of the response. For a direct invocation, the status that an HTTP response would have. `undefined`
   * if there was no response.
   */
  readonly status: number | undefined;
  /** `true` if the same call may succeed later. `false` if a second call could repeat the first call's effect. */
  readonly retryable: boolean;
  /** The request id in the service's logs. */
  readonly requestId: string | undefined;
  /** The delay that the service requires before a retry (Retry-After), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The number of attempts that the call made, including the first. */
  readonly attempts: number;
  /** All errors in the input, each with a JSON pointer. Empty for direct invocations. */
  readonly errors: readonly InputError[];

  constructor(code: ClientErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = code;
    this.code = code;
    this.status = details.status;
    this.retryable = details.retryable ?? false;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
    this.attempts = details.attempts ?? 1;
    this.errors = details.errors ?? [];
  }
}

/**
 * Thrown when the function returns an error. `code` is an AWS error code, such as `NotFoundException`, or a service
 * error code, such as `TimeoutError`.
 */
export class ServiceError extends KmsFunctionsClientError {
  declare readonly code: ErrorCode;
}

/**
 * Thrown when API Gateway or Lambda's Invoke operation responds instead of the function. Either the caller is not
 * authenticated (401) or not allowed (403), the route or function does not exist (404), the call was throttled (429),
 * or the service is unavailable (500, 502, 503, 504).
 */
export class GatewayError extends KmsFunctionsClientError {
  declare readonly code: 'GatewayError';
  declare readonly status: number;

  constructor(status: number, message: string, details: ErrorDetails = {}) {
    super('GatewayError', message, { retryable: retryableStatuses.has(status), ...details, status });
  }
}

const retryableStatuses = new Set([429, 500, 502, 503, 504]);

/** Thrown when a directly invoked function ends without a response, because it crashed, ran out of memory or timed out. */
export class FunctionError extends KmsFunctionsClientError {
  declare readonly code: 'FunctionError';

  constructor(message: string, details: ErrorDetails = {}) {
    super('FunctionError', message, { retryable: true, ...details });
  }
}

/**
 * Thrown when there is no response, because the connection failed or broke. The operation may have been performed.
 * `cause` is the error from `fetch` or the SDK.
 */
export class NetworkError extends KmsFunctionsClientError {
  declare readonly code: 'NetworkError';

  /** `endpoint` is the URL without a query, for the message. */
  constructor(cause: unknown, endpoint?: string) {
    const service = endpoint === undefined ? 'The service' : `The service at ${endpoint}`;
    super(
      'NetworkError',
      `${service} cannot be reached, or the connection broke. Check the endpoint, and whether the service is running.`,
      { retryable: true, cause },
    );
  }
}

/** Thrown when a call, including its retries, takes longer than `timeoutMs`. The operation may have been performed. */
export class CallTimeoutError extends KmsFunctionsClientError {
  declare readonly code: 'CallTimeoutError';

  constructor(timeoutMs: number, attempts: number) {
    const after = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
    super('CallTimeoutError', `The call did not finish within ${timeoutMs} ms (${after}).`, {
      retryable: true,
      attempts,
    });
  }
}

/**
 * Thrown when a successful response does not match the operation's response format. The endpoint is probably not
 * kms-functions.
 */
export class UnreadableResponseError extends KmsFunctionsClientError {
  declare readonly code: 'UnreadableResponseError';

  constructor(reason: string, details: ErrorDetails = {}) {
    super('UnreadableResponseError', `The response cannot be read: ${reason}.`, details);
  }
}

/**
 * Thrown before the request is sent, when the input does not fit any of the operation's routes. For example, a key
 * identifier in a path must not be empty or contain a dot.
 */
export class UnsendableRequestError extends KmsFunctionsClientError {
  declare readonly code: 'UnsendableRequestError';

  constructor(reason: string) {
    super('UnsendableRequestError', `The request cannot be sent: ${reason}.`);
  }
}
