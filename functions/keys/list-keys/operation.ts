import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listKeys = defineOperation({
  name: 'ListKeys',
  group: 'keys',
  summary: 'Lists the keys in the account and Region.',
  routes: [{ method: 'GET', path: '/keys', status: 200 }],
  input: z.strictObject({ Limit: z.optional(shapes.limit()), Marker: z.optional(shapes.marker()) }),
  output: () =>
    z.object({
      Keys: z.array(z.object({ KeyId: z.string(), KeyArn: z.string() })),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: ['DependencyTimeoutException', 'KMSInternalException', 'InvalidMarkerException'],
  permissions: [{ action: 'kms:ListKeys', resource: 'any' }],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 500,
  retrySafety: 'safe',
  example: { input: { Limit: 10 } },
});
