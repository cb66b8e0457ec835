import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';
import { policyDocument } from './seed-policy.ts';

/** The policies that an organization applies to an account. */
export const seedAccount = z.strictObject({
  AccountId: shapes.text(12, 12, /^\d+$/),
  /**
   * The service control policies, as one list, or as a list for each level: the root, the organizational units, and the
   * account. Each level must allow a request. Without them, the account is not limited.
   */
  ServiceControlPolicies: z.optional(z.array(z.union([policyDocument(), z.array(policyDocument())]))),
  /** The resource control policies. Their statements can only deny requests. */
  ResourceControlPolicies: z.optional(z.array(policyDocument())),
});

export type SeedAccount = z.output<typeof seedAccount>;
