import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const disableKeyRotation = defineOperation({
  name: 'DisableKeyRotation',
  group: 'rotation',
  summary: "Disables a key's automatic rotation.",
  routes: [{ method: 'DELETE', path: '/keys/{KeyId}/rotation', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DisabledException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'UnsupportedOperationException',
  ],
  permissions: [{ action: 'kms:DisableKeyRotation', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Rotation Disabled',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000119' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000119', Rotation: { RotationPeriodInDays: 365 } }] },
  },
});
