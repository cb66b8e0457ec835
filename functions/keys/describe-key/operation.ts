import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const describeKey = defineOperation({
  name: 'DescribeKey',
  group: 'keys',
  summary: "Returns a key's metadata.",
  routes: [
    { method: 'GET', path: '/keys/{KeyId}', status: 200 },
    { method: 'POST', path: '/keys/{KeyId}/describe', status: 200 },
  ],
  input: z.strictObject({ KeyId: shapes.keyId(), GrantTokens: z.optional(shapes.grantTokens()) }),
  output: () => z.object({ KeyMetadata: shapes.keyMetadata() }),
  sensitive: [],
  errors: ['NotFoundException', 'InvalidArnException', 'DependencyTimeoutException', 'KMSInternalException'],
  unlistedErrors: ['InvalidGrantTokenException'],
  permissions: [{ action: 'kms:DescribeKey', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 2_000,
  retrySafety: 'safe',
  example: { input: { KeyId: 'alias/example' } },
});
