import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const disableKey = defineOperation({
  name: 'DisableKey',
  group: 'keys',
  summary: 'Disables a key. The key cannot be used until it is enabled again.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/disable', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:DisableKey', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Disabled',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000103' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000103' }] },
  },
});
