import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';

/** A policy as a JSON object or as JSON text. */
const policyDocument = () => z.union([z.string(), z.record(z.string(), z.unknown())]);

/** A caller, identified by its access key id, and its policies. */
export const seedPrincipal = z.strictObject({
  /** Appears in the credential scope of a signature, so it cannot contain slashes, commas or spaces. */
  AccessKeyId: shapes.text(1, 128, /^[^/,\s]+$/),
  /** A user, a role (the caller is one of its sessions), a role session, a federated user or the root of an account. */
  Arn: shapes.text(20, 2048, /^arn:/),
  /** The identity-based policies. Without any, only key policies and grants that name the caller allow requests. */
  Policies: z.optional(z.array(policyDocument())),
  PermissionsBoundary: z.optional(policyDocument()),
  Tags: z.optional(z.array(z.strictObject({ Key: shapes.text(1, 128), Value: shapes.text(0, 256) }))),
  /** Values of condition keys that the emulator cannot read from a request, such as aws:MultiFactorAuthPresent. */
  ConditionKeys: z.optional(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  /** Used to verify signatures if the emulator is started with signature verification. */
  SecretAccessKey: z.optional(shapes.text(1, 256)),
});

export type SeedPrincipal = z.output<typeof seedPrincipal>;
