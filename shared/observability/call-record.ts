import * as z from 'zod/mini';

/**
 * The record of one call: one line of the functions' log each, whether the call succeeds or not, and what the audit
 * trail keeps. Members may be added within a version; none changes its meaning. Nothing sensitive has a place in it.
 */
export const callRecord = z.object({
  schema: z.literal('kms-functions.call/2'),
  /** AWS's name: `Encrypt`. */
  operation: z.string(),
  trigger: z.enum(['http', 'direct']),
  caller: z.object({
    kind: z.enum(['iam', 'jwt', 'direct', 'local', 'unknown']),
    /** Whether API Gateway vouches for the caller. Of a direct invoker Lambda tells nothing: see CloudTrail. */
    isVerified: z.boolean(),
    /** ARN of the IAM principal, or the subject of the JWT. */
    principal: z.optional(z.string()),
    accountId: z.optional(z.string()),
    issuer: z.optional(z.string()),
    clientId: z.optional(z.string()),
    sourceIp: z.optional(z.string()),
    apiId: z.optional(z.string()),
  }),
  /** The tenant that the call was bound to. */
  tenant: z.optional(z.string()),
  /** Key ids, ARNs and alias names, as the request names them. */
  keys: z.array(z.string()),
  /** ARNs of the keys that KMS used or made. */
  usedKeys: z.array(z.string()),
  /** Names in the encryption contexts of the request. */
  contextKeys: z.array(z.string()),
  /** Values of those names that the deployment lists. */
  context: z.optional(z.record(z.string(), z.string())),
  /** `OK`, or the error's code. */
  outcome: z.string(),
  /** HTTP status that goes with the outcome. */
  status: z.int(),
  latencyMs: z.int(),
  /** Lambda's. */
  requestId: z.string(),
  /** API Gateway's, which its access log has. */
  gatewayRequestId: z.optional(z.string()),
  /** KMS's, which CloudTrail has. */
  kmsRequestId: z.optional(z.string()),
});

export type CallRecord = z.output<typeof callRecord>;
