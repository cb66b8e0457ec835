import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const getKeyPolicy = defineOperation({
  name: 'GetKeyPolicy',
  group: 'policies',
  summary: "Returns a key's policy.",
  routes: [{ method: 'GET', path: '/keys/{KeyId}/policy', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), PolicyName: z.optional(shapes.policyName()) }),
  output: () => z.object({ Policy: z.string(), PolicyName: z.optional(z.string()) }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:GetKeyPolicy', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 1_000,
  retrySafety: 'safe',
  example: { input: { KeyId: '5a4d1e00-0000-4000-8000-000000000001' } },
});
