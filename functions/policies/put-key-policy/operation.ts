import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const putKeyPolicy = defineOperation({
  name: 'PutKeyPolicy',
  group: 'policies',
  summary: "Replaces a key's policy.",
  routes: [{ method: 'PUT', path: '/keys/{KeyId}/policy', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    PolicyName: z.optional(shapes.policyName()),
    Policy: shapes.policy(),
    BypassPolicyLockoutSafetyCheck: z.optional(z.boolean()),
  }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'MalformedPolicyDocumentException',
    'DependencyTimeoutException',
    'UnsupportedOperationException',
    'KMSInternalException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:PutKeyPolicy', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 15,
  retrySafety: 'safe',
  lifecycleEvent: 'Key Policy Changed',
  example: {
    input: {
      KeyId: '5a4d1e00-0000-4000-8000-000000000114',
      Policy:
        '{"Version": "2012-10-17", "Statement": [{"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "kms:*", "Resource": "*"}]}',
    },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000114' }] },
  },
});
