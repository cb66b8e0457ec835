import type { FunctionConfig } from '../config/function-config.ts';
import type { Operation, Route, UnsafeRetry } from '../declaration/operation.ts';
import type { InputError, KmsFunctionsError } from '../errors/kms-functions-error.ts';
import type { HttpRequest } from '../http/http-request.ts';
import type { HttpResponse } from '../http/http-response.ts';
import type { Caller } from './caller.ts';
import { Deadline } from './deadline.ts';

/** Represents one call in the middleware chain. Each middleware sets its own members. */
export interface Call {
  readonly operation: Operation;
  readonly config: FunctionConfig;
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly deadline: Deadline;
  /** The requests that the call has sent to KMS so far. */
  readonly kms: KmsUsage;
  /** `http` if the call arrived through API Gateway, or `direct` if the function was invoked directly. */
  trigger: 'http' | 'direct';
  caller: Caller;
  http?: HttpRequest;
  route?: Route;
  /** The request as JSON, gathered from the path, query and body, before validation. */
  json: Record<string, unknown>;
  /** The validated request in the SDK's form: bytes are `Uint8Array`, times are `Date`. */
  input: Record<string, unknown>;
  /** All errors found in the input so far. `rejectInvalidInput` reports them together. */
  readonly errors: InputError[];
  /** The id of the last request to KMS that is not a lookup. */
  kmsRequestId?: string;
  /** The ids of the first requests that the call's steps sent: at most `maxRequestIds`. */
  readonly kmsRequestIds: string[];
  /** The caller's idempotency key. Only idempotent functions accept one. */
  idempotencyKey?: string;
  /** `true` if the response is that of an earlier call with the same idempotency key. */
  isReplay?: true;
  /** The tenant to which the call is bound. */
  tenant?: string;
  /** The ARNs of the keys that KMS used or created. */
  usedKeys: readonly string[];
  /** Set when KMS may have received a request that must not be repeated. */
  unsafeRetry?: UnsafeRetry;
  failure?: KmsFunctionsError;
  /** Builds the response if it is not JSON. */
  buildResponse?: (status: number, result: unknown) => HttpResponse;
  /** The HTTP status of a successful response, if it is not the route's. */
  status?: number;
  /** The outcomes of the call's items, if it has items. */
  items?: ItemCounts;
  /**
   * The lookups of the steps of a call, by class of command. Steps with the same keys share them. Calls without steps have
   * none.
   */
  sharedLookups?: Map<unknown, Map<string, Promise<object>>>;
  /** The source of the call's data key, if the deployment caches data keys. */
  dataKeySource?: 'cache' | 'kms';
}

/** The number of request ids that a call keeps for its record. A batch sends thousands of requests. */
export const maxRequestIds = 20;

/** Counts a call's requests to KMS. */
export interface KmsUsage {
  /** The number of attempts to send the call's own request. */
  attempts: number;
  /** The number of requests that were sent to look up keys, aliases and tags. */
  lookups: number;
  /** The time that all these requests took, in milliseconds. */
  ms: number;
}

/** Counts the items of a call by their outcome. */
export interface ItemCounts {
  total: number;
  succeeded: number;
  failed: number;
  notAttempted: number;
  /** The items that failed, by the HTTP status of their error. */
  readonly failures: Map<number, number>;
}

/** Creates a call whose caller and input are not known yet, and which must end within `limitMs`. */
export function createCall(operation: Operation, config: FunctionConfig, requestId: string, limitMs: number): Call {
  const startedAtMs = performance.now();
  return {
    operation,
    config,
    requestId,
    startedAtMs,
    deadline: new Deadline(startedAtMs, limitMs),
    kms: createKmsUsage(),
    kmsRequestIds: [],
    trigger: 'direct',
    caller: { kind: 'unknown', isVerified: false },
    usedKeys: [],
    json: {},
    input: {},
    errors: [],
  };
}

/**
 * Creates the call of a step: an AWS KMS operation that `parent` performs for its caller. The step has its own input and
 * record. It ends by the parent's deadline, or within `limitMs` if that is earlier.
 */
export function createStepCall(
  parent: Call,
  operation: Operation,
  input: Record<string, unknown>,
  limitMs: number = Number.POSITIVE_INFINITY,
): Call {
  parent.sharedLookups ??= new Map();
  const { kmsRequestId: _, ...shared } = parent;
  return {
    ...shared,
    operation,
    deadline: parent.deadline.createShorter(limitMs),
    kms: createKmsUsage(),
    kmsRequestIds: [],
    usedKeys: [],
    // Authorization replaces identifiers in `input`. `json` keeps the identifiers that the caller sent.
    json: { ...input },
    input,
    errors: [],
  };
}

function createKmsUsage(): KmsUsage {
  return { attempts: 0, lookups: 0, ms: 0 };
}
