import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const untagResource = defineOperation({
  name: 'UntagResource',
  group: 'tags',
  summary: 'Removes tags from a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/untag', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId(), TagKeys: shapes.tagKeys() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'KMSInternalException',
    'NotFoundException',
    'InvalidArnException',
    'KMSInvalidStateException',
    'TagException',
  ],
  permissions: [{ action: 'kms:UntagResource', resource: 'key' }],
  serviceTag: 'kept',
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000117', TagKeys: ['team'] },
    seed: {
      Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000117', Tags: [{ TagKey: 'team', TagValue: 'payments' }] }],
    },
  },
});
