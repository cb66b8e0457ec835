import type { Context } from 'aws-lambda';
import type { Caller } from '../authorization/caller.ts';
import type { Scope } from '../authorization/scope.ts';
import type { Operation, Route } from '../declaration/operation.ts';
import type { InputError, KmsFunctionsError } from '../errors/kms-functions-error.ts';
import type { HttpRequest } from '../http/http-request.ts';

/** One call on its way through the chain. Each middleware fills in its own part. */
export interface Call {
  readonly operation: Operation;
  readonly scope: Scope;
  readonly requestId: string;
  readonly startedAtMs: number;
  trigger: 'http' | 'direct';
  /** Nobody, until the trigger has been opened. */
  caller: Caller;
  http?: HttpRequest;
  route?: Route;
  /** The request in AWS's JSON form, as the caller sent it, gathered from path, query and body. */
  json: Record<string, unknown>;
  /** The request as the SDK takes it: bytes are `Uint8Array`, times are `Date`. */
  input: Record<string, unknown>;
  /** Everything found wrong with the input so far. */
  readonly errors: InputError[];
  kmsRequestId?: string;
  /** The tenant that the call was bound to. */
  tenant?: string;
  /** ARNs of the keys that KMS says it used, or made. */
  usedKeys: readonly string[];
  failure?: KmsFunctionsError;
}

/** What the middleware of this project see of middy's request. */
export interface ChainRequest {
  event: unknown;
  readonly context: Context;
  response: unknown;
  error: Error | null;
  readonly internal: { call: Call };
}

export interface ChainMiddleware {
  readonly before?: (request: ChainRequest) => void | Promise<void>;
  readonly after?: (request: ChainRequest) => void | Promise<void>;
  readonly onError?: (request: ChainRequest) => void;
}
