import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const cancelKeyDeletion = defineOperation({
  name: 'CancelKeyDeletion',
  group: 'keys',
  summary: 'Cancels a scheduled key deletion and leaves the key disabled.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/cancel-deletion', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({ KeyId: z.string() }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:CancelKeyDeletion', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Deletion Cancelled',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000105' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000105', KeyState: 'PendingDeletion' }] },
  },
});
