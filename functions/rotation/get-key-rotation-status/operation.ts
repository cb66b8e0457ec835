import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const getKeyRotationStatus = defineOperation({
  name: 'GetKeyRotationStatus',
  group: 'rotation',
  summary: 'Reports whether a key rotates automatically, and when it rotates next.',
  routes: [{ method: 'GET', path: '/keys/{KeyId}/rotation', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () =>
    z.object({
      KeyRotationEnabled: z.boolean(),
      KeyId: z.string(),
      RotationPeriodInDays: z.optional(z.int()),
      NextRotationDate: z.optional(shapes.timestamp()),
      OnDemandRotationStartDate: z.optional(shapes.timestamp()),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'UnsupportedOperationException',
  ],
  permissions: [{ action: 'kms:GetKeyRotationStatus', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 1_000,
  retrySafety: 'safe',
  example: { input: { KeyId: '5a4d1e00-0000-4000-8000-000000000001' } },
});
