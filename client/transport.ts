import type { JsonObject, Operation } from '../shared/declaration/operation.ts';

/** How calls reach the functions. `http`, `lambda` and `inProcess` make one; anything of this form will do. */
export interface Transport {
  /**
   * Carries one attempt of a call. `input` and the answer are in AWS's JSON form: bytes as base64, times as ISO 8601.
   * Rejects with a KmsFunctionsClientError, or with the signal's reason once that is aborted.
   */
  send(operation: Operation, input: JsonObject, options: { readonly signal: AbortSignal }): Promise<Answer>;
}

/** A success. */
export interface Answer {
  /** The JSON document, as it was parsed. */
  readonly body: unknown;
  readonly requestId?: string | undefined;
}
