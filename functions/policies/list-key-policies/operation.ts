import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listKeyPolicies = defineOperation({
  name: 'ListKeyPolicies',
  group: 'policies',
  summary: "Lists the names of a key's policies. Every key has exactly one policy.",
  routes: [{ method: 'GET', path: '/keys/{KeyId}/policies', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
  }),
  output: () =>
    z.object({
      PolicyNames: z.array(z.string()),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  unlistedErrors: ['InvalidMarkerException'],
  permissions: [{ action: 'kms:ListKeyPolicies', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 100,
  retrySafety: 'safe',
  example: { input: { KeyId: '5a4d1e00-0000-4000-8000-000000000001' } },
});
