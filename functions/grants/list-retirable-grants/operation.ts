import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listRetirableGrants = defineOperation({
  name: 'ListRetirableGrants',
  group: 'grants',
  summary: 'Lists the grants that a principal can retire.',
  routes: [{ method: 'GET', path: '/grants/retirable', status: 200 }],
  input: z.strictObject({
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
    RetiringPrincipal: z.optional(shapes.principalId()),
    RetiringServicePrincipal: z.optional(z.string()),
  }),
  output: () =>
    z.object({
      Grants: shapes.grants(),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: [
    'DependencyTimeoutException',
    'InvalidMarkerException',
    'InvalidArnException',
    'NotFoundException',
    'KMSInternalException',
  ],
  permissions: [{ action: 'kms:ListRetirableGrants', resource: 'any' }],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 100,
  retrySafety: 'safe',
  example: { input: { RetiringPrincipal: 'arn:aws:iam::000000000000:root' } },
});
