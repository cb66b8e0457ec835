import * as z from 'zod/mini';
import * as shapes from '../../shared/declaration/shapes.ts';

/** A grant that the seed creates with a fixed id. */
export const seedGrant = z.strictObject({
  GrantId: shapes.text(64, 64, /^[0-9a-f]+$/),
  Name: z.optional(shapes.text(1, 256, /^[a-zA-Z0-9:/_-]+$/)),
  GranteePrincipal: z.optional(shapes.principalId()),
  GranteeServicePrincipal: z.optional(z.string()),
  RetiringPrincipal: z.optional(shapes.principalId()),
  RetiringServicePrincipal: z.optional(z.string()),
  Operations: shapes.grantOperations(),
  Constraints: z.optional(shapes.grantConstraints()),
  CreationDate: z.optional(shapes.timestamp()),
});

export type SeedGrant = z.output<typeof seedGrant>;
