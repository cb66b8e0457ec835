import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';

/** A policy as JSON writes it, or as the text of it. */
const policyDocument = () => z.union([z.string(), z.record(z.string(), z.unknown())]);

/** Who calls with an access key id, and what its policies let it do. */
export const seedPrincipal = z.strictObject({
  /** No slash, comma or space: it stands in the credential scope of a signature. */
  AccessKeyId: shapes.text(1, 128, /^[^/,\s]+$/),
  /** Of a user, a role (a session of it calls), a session of a role, a federated user, or the root of an account. */
  Arn: shapes.text(20, 2048, /^arn:/),
  /** Its identity's policies; without any, it may do what key policies and grants let it by name. */
  Policies: z.optional(z.array(policyDocument())),
  PermissionsBoundary: z.optional(policyDocument()),
  Tags: z.optional(z.array(z.strictObject({ Key: shapes.text(1, 128), Value: shapes.text(0, 256) }))),
  /** Values of condition keys that a call of the emulator has not, such as aws:MultiFactorAuthPresent. */
  ConditionKeys: z.optional(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  /** What its signatures are verified with, where they are. */
  SecretAccessKey: z.optional(shapes.text(1, 256)),
});

export type SeedPrincipal = z.output<typeof seedPrincipal>;
