import * as z from 'zod/mini';

/**
 * Describes one call in the functions' log and in the audit trail, whether the call succeeded or failed. New members
 * may be added to a schema version, but the meaning of a member does not change. Records do not contain sensitive
 * values.
 */
export const callRecord = z.object({
  schema: z.literal('kms-functions.call/2'),
  /** The name that AWS uses for the operation, such as `Encrypt`. */
  operation: z.string(),
  /** `unknown` in a record that the audit forwarder derived. */
  trigger: z.enum(['http', 'direct', 'unknown']),
  caller: z.object({
    kind: z.enum(['iam', 'jwt', 'direct', 'local', 'unknown']),
    /** `true` if API Gateway authenticated the caller. The function cannot identify direct invokers, but CloudTrail can. */
    isVerified: z.boolean(),
    /** The ARN of the IAM role or user, or the JWT's subject or client. */
    principal: z.optional(z.string()),
    /** The name of the role's session, which the identity that assumed the role chose. */
    sessionName: z.optional(z.string()),
    accountId: z.optional(z.string()),
    issuer: z.optional(z.string()),
    clientId: z.optional(z.string()),
    sourceIp: z.optional(z.string()),
    apiId: z.optional(z.string()),
  }),
  /** The tenant to which the call was bound. */
  tenant: z.optional(z.string()),
  /** The key identifiers in the request. */
  keys: z.array(z.string()),
  /** The ARNs of the keys that KMS used or created. */
  usedKeys: z.array(z.string()),
  /** The keys of the encryption contexts in the request: at most 32, each truncated to 128 characters. */
  contextKeys: z.array(z.string()),
  /** The number of encryption context keys in the request, if there are more than `contextKeys` lists. */
  contextKeyCount: z.optional(z.int()),
  /** The encryption context values that the deployment allows in records, by key, each truncated to 128 characters. */
  context: z.optional(z.record(z.string(), z.string())),
  /**
   * `OK`, `PartialFailure` if items of the call failed, or the error code. `unknown` if Lambda stopped the function before
   * it wrote its record; KMS may have executed the call. The audit forwarder then derives the record from Lambda's report.
   */
  outcome: z.string(),
  /**
   * For an error, the detail that the caller received, such as `/Plaintext is required.`. Contains key identifiers and
   * member names, but no other values from the request.
   */
  reason: z.optional(z.string()),
  /** The HTTP status of the outcome, even for a direct invocation. */
  status: z.int(),
  latencyMs: z.int(),
  /**
   * The number of times that the call's request was sent to KMS, from 0 to 2. The service's own operations can send
   * several requests, each of which counts. A record that the audit forwarder derived does not contain this member or the
   * following members up to `timeLeftMs`.
   */
  attempts: z.optional(z.int()),
  /** The number of requests that were sent to KMS to look up keys, aliases and tags, if any. */
  lookups: z.optional(z.int()),
  /** The time that all these requests took, in milliseconds. */
  kmsMs: z.optional(z.int()),
  /** The remaining time until the call's deadline, in milliseconds. */
  timeLeftMs: z.optional(z.int()),
  /** The Lambda request id. */
  requestId: z.string(),
  /** The API Gateway request id, as in its access log. */
  gatewayRequestId: z.optional(z.string()),
  /** The KMS request id, as in CloudTrail. */
  kmsRequestId: z.optional(z.string()),
  /** The ids of the requests, if the call sent several: at most 20. `kmsRequestId` is the last one. */
  kmsRequestIds: z.optional(z.array(z.string())),
  /** `true` if the response is that of an earlier call with the same idempotency key. The call then created nothing. */
  replayed: z.optional(z.literal(true)),
  /** `true` if the call used a cached data key and did not request one from KMS. CloudTrail then has no entry for it. */
  cached: z.optional(z.literal(true)),
  /** In the record of an item: the `requestId` of the call that contains the item. */
  batchId: z.optional(z.string()),
  /** In the record of an item: the item's position in the request, starting at 0. */
  item: z.optional(z.int()),
  /**
   * In the record of a call with items: the number of items, in total and by outcome. Items that were not attempted have no
   * records.
   */
  items: z.optional(z.object({ total: z.int(), succeeded: z.int(), failed: z.int(), notAttempted: z.int() })),
});

export type CallRecord = z.output<typeof callRecord>;
