import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listResourceTags = defineOperation({
  name: 'ListResourceTags',
  group: 'tags',
  summary: "Lists a key's tags.",
  routes: [{ method: 'GET', path: '/keys/{KeyId}/tags', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
  }),
  output: () =>
    z.object({
      Tags: shapes.responseTags(),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: ['KMSInternalException', 'NotFoundException', 'InvalidArnException', 'InvalidMarkerException'],
  permissions: [{ action: 'kms:ListResourceTags', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 2_000,
  retrySafety: 'safe',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000115' },
    seed: {
      Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000115', Tags: [{ TagKey: 'team', TagValue: 'payments' }] }],
    },
  },
});
