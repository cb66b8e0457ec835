import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const enableKey = defineOperation({
  name: 'EnableKey',
  group: 'keys',
  summary: 'Enables a disabled key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/enable', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:EnableKey', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Enabled',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000102' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000102', KeyState: 'Disabled' }] },
  },
});
