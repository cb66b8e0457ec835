import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const updateKeyDescription = defineOperation({
  name: 'UpdateKeyDescription',
  group: 'keys',
  summary: "Changes a key's description.",
  routes: [{ method: 'PUT', path: '/keys/{KeyId}/description', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), Description: shapes.description() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:UpdateKeyDescription', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000101', Description: 'A new description' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000101' }] },
  },
});
