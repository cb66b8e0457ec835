import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listGrants = defineOperation({
  name: 'ListGrants',
  group: 'grants',
  summary: 'Lists the grants on a key.',
  routes: [{ method: 'GET', path: '/keys/{KeyId}/grants', status: 200 }],
  input: z.strictObject({
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
    KeyId: shapes.keyId(),
    GrantId: z.optional(shapes.grantId()),
    GranteePrincipal: z.optional(shapes.principalId()),
    GranteeServicePrincipal: z.optional(z.string()),
  }),
  output: () =>
    z.object({
      Grants: shapes.grants(),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DependencyTimeoutException',
    'InvalidMarkerException',
    'InvalidGrantIdException',
    'InvalidArnException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:ListGrants', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 100,
  retrySafety: 'safe',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000111' },
    seed: {
      Keys: [
        {
          KeyId: '5a4d1e00-0000-4000-8000-000000000111',
          Grants: [
            {
              GrantId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
              GranteePrincipal: 'arn:aws:iam::000000000000:role/example',
              Operations: ['Encrypt', 'Decrypt'],
            },
          ],
        },
      ],
    },
  },
});
