import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const revokeGrant = defineOperation({
  name: 'RevokeGrant',
  group: 'grants',
  summary: 'Deletes a grant from a key.',
  routes: [{ method: 'DELETE', path: '/keys/{KeyId}/grants/{GrantId}', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), GrantId: shapes.grantId(), DryRun: z.optional(shapes.dryRun()) }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DependencyTimeoutException',
    'InvalidArnException',
    'InvalidGrantIdException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:RevokeGrant', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 50,
  retrySafety: 'safe',
  lifecycleEvent: 'Grant Revoked',
  example: {
    input: {
      KeyId: '5a4d1e00-0000-4000-8000-000000000112',
      GrantId: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
    },
    seed: {
      Keys: [
        {
          KeyId: '5a4d1e00-0000-4000-8000-000000000112',
          Grants: [
            {
              GrantId: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
              GranteePrincipal: 'arn:aws:iam::000000000000:role/example',
              Operations: ['Encrypt', 'Decrypt'],
            },
          ],
        },
      ],
    },
  },
});
