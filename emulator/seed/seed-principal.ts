import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';
import { policyDocument } from './seed-policy.ts';

/** A caller with its access key id and its policies. */
export const seedPrincipal = z.strictObject({
  /** Appears in the credential scope of a signature, so it cannot contain slashes, commas or spaces. */
  AccessKeyId: shapes.text(1, 128, /^[^/,\s]+$/),
  /**
   * The ARN of a user, a role, a role session, a federated user or an account root user. For a role ARN, the caller is
   * one of the role's sessions.
   */
  Arn: shapes.text(20, 2048, /^arn:/),
  /**
   * The identity-based policies. Without these policies, the caller has only the permissions that key policies and
   * grants give to its ARN.
   */
  Policies: z.optional(z.array(policyDocument())),
  PermissionsBoundary: z.optional(policyDocument()),
  /** The session policies of a role session or a federated user. Without them, the session is not limited. */
  SessionPolicies: z.optional(z.array(policyDocument())),
  Tags: z.optional(z.array(z.strictObject({ Key: shapes.text(1, 128), Value: shapes.text(0, 256) }))),
  /** Values of condition keys that the emulator cannot read from a request, such as aws:MultiFactorAuthPresent. */
  ConditionKeys: z.optional(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  /** The secret access key. The emulator uses it only if signature verification is on. */
  SecretAccessKey: z.optional(shapes.text(1, 256)),
});

export type SeedPrincipal = z.output<typeof seedPrincipal>;
