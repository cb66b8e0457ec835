import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const tagResource = defineOperation({
  name: 'TagResource',
  group: 'tags',
  summary: 'Adds tags to a key, or changes the values of existing tags.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/tags', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), Tags: shapes.tags() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'KMSInternalException',
    'NotFoundException',
    'InvalidArnException',
    'KMSInvalidStateException',
    'LimitExceededException',
    'TagException',
  ],
  permissions: [{ action: 'kms:TagResource', resource: 'key' }],
  serviceTag: 'kept',
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 10,
  retrySafety: 'safe',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000116', Tags: [{ TagKey: 'team', TagValue: 'payments' }] },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000116' }] },
  },
});
