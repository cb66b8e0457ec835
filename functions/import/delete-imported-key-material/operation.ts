import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const deleteImportedKeyMaterial = defineOperation({
  name: 'DeleteImportedKeyMaterial',
  group: 'import',
  summary: 'Deletes imported key material. The key cannot be used until material is imported again.',
  routes: [{ method: 'DELETE', path: '/keys/{KeyId}/material', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    KeyMaterialId: z.optional(shapes.keyMaterialId()),
    Force: z.optional(z.boolean()),
  }),
  ownMembers: ['Force'],
  output: () => z.object({ KeyId: z.string(), KeyMaterialId: z.optional(z.string()) }),
  sensitive: [],
  errors: [
    'InvalidArnException',
    'UnsupportedOperationException',
    'DependencyTimeoutException',
    'NotFoundException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  ownErrors: ['KeyInUseError'],
  permissions: [{ action: 'kms:DeleteImportedKeyMaterial', resource: 'key' }],
  guardPermissions: [
    { action: 'kms:DescribeKey', resource: 'key' },
    { action: 'kms:GetKeyLastUsage', resource: 'key' },
    { action: 'kms:ListAliases', resource: 'any' },
    { action: 'kms:ListGrants', resource: 'key' },
  ],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 15,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Material Deleted',
  isDestructive: true,
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000123' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000123', Origin: 'EXTERNAL' }] },
  },
});
