import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const enableKeyRotation = defineOperation({
  name: 'EnableKeyRotation',
  group: 'rotation',
  summary: "Enables a key's automatic rotation, or changes the rotation period.",
  routes: [{ method: 'PUT', path: '/keys/{KeyId}/rotation', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), RotationPeriodInDays: z.optional(shapes.rotationPeriodInDays()) }),
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
  permissions: [{ action: 'kms:EnableKeyRotation', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 15,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Rotation Enabled',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000118', RotationPeriodInDays: 180 },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000118' }] },
  },
});
