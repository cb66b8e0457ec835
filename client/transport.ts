import type { JsonObject, Operation } from '../shared/declaration/operation.ts';

/**
 * Sends calls to the functions. `http`, `lambda` and `inProcess` create transports, but any object that implements this
 * interface works.
 */
export interface Transport {
  /**
   * Sends one attempt of a call. `input` and the response body are in the AWS JSON form: bytes as base64, times as ISO
   * 8601. Rejects with a KmsFunctionsClientError, or with the signal's reason if the call is aborted.
   */
  send(operation: Operation, input: JsonObject, limits: AttemptLimits): Promise<TransportResponse>;
}

/** The conditions that end an attempt early. */
export interface AttemptLimits {
  /** Aborted when the call times out, or when the caller aborts the call. */
  readonly signal: AbortSignal;
  /** The call's remaining time, in milliseconds. */
  readonly timeoutMs: number;
}

/** The response of a successful attempt. */
export interface TransportResponse {
  /** The parsed JSON document. */
  readonly body: unknown;
  readonly requestId?: string | undefined;
}
