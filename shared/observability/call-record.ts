import * as z from 'zod/mini';

/**
 * The record of one call: one line in the log of the functions, whether the call succeeds or fails, and one entry of the
 * audit trail. A version may receive further members; no member changes its meaning. No member contains sensitive values.
 */
export const callRecord = z.object({
  schema: z.literal('kms-functions.call/2'),
  /** The name of the operation, as AWS writes it: `Encrypt`. */
  operation: z.string(),
  trigger: z.enum(['http', 'direct']),
  caller: z.object({
    kind: z.enum(['iam', 'jwt', 'direct', 'local', 'unknown']),
    /** Whether API Gateway authenticated the caller. CloudTrail knows who invokes a function directly; the function does not. */
    isVerified: z.boolean(),
    /** ARN of the IAM principal, or the subject of the JWT. */
    principal: z.optional(z.string()),
    accountId: z.optional(z.string()),
    issuer: z.optional(z.string()),
    clientId: z.optional(z.string()),
    sourceIp: z.optional(z.string()),
    apiId: z.optional(z.string()),
  }),
  /** The tenant to which the call was bound. */
  tenant: z.optional(z.string()),
  /** Key ids, ARNs and alias names, as in the request. */
  keys: z.array(z.string()),
  /** ARNs of the keys that KMS used or created. */
  usedKeys: z.array(z.string()),
  /** Keys of the encryption contexts in the request. */
  contextKeys: z.array(z.string()),
  /** Values of those keys that the deployment lists. */
  context: z.optional(z.record(z.string(), z.string())),
  /** `OK`, or the error code. */
  outcome: z.string(),
  /** HTTP status of the outcome, for direct invocations too. */
  status: z.int(),
  latencyMs: z.int(),
  /** Request id of Lambda. */
  requestId: z.string(),
  /** Request id of API Gateway, as in its access log. */
  gatewayRequestId: z.optional(z.string()),
  /** Request id of KMS, as in CloudTrail. */
  kmsRequestId: z.optional(z.string()),
});

export type CallRecord = z.output<typeof callRecord>;
