import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const scheduleKeyDeletion = defineOperation({
  name: 'ScheduleKeyDeletion',
  group: 'keys',
  summary: 'Schedules a key for deletion. The key can no longer be used.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/schedule-deletion', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    PendingWindowInDays: z.optional(shapes.pendingWindowInDays()),
    Force: z.optional(z.boolean()),
  }),
  ownMembers: ['Force'],
  output: () =>
    z.object({
      KeyId: z.string(),
      DeletionDate: z.optional(shapes.timestamp()),
      KeyState: shapes.keyState(),
      PendingWindowInDays: z.int(),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  ownErrors: ['KeyInUseError'],
  permissions: [{ action: 'kms:ScheduleKeyDeletion', resource: 'key' }],
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
  lifecycleEvent: 'Key Deletion Scheduled',
  isDestructive: true,
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000104', PendingWindowInDays: 7 },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000104' }] },
  },
});
