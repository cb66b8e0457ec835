import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const createAlias = defineOperation({
  name: 'CreateAlias',
  group: 'aliases',
  summary: 'Creates an alias for a key.',
  routes: [{ method: 'POST', path: '/aliases', status: 201 }],
  input: z.strictObject({ AliasName: shapes.aliasName(), TargetKeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'DependencyTimeoutException',
    'AlreadyExistsException',
    'NotFoundException',
    'InvalidAliasNameException',
    'KMSInternalException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
  permissions: [
    { action: 'kms:CreateAlias', resource: 'alias' },
    { action: 'kms:CreateAlias', resource: 'key' },
  ],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: {
    check: 'Before you send the request again, call ListAliases for the key.',
  },
  timeLimit: 'long',
  example: {
    input: { AliasName: 'alias/example-create', TargetKeyId: '5a4d1e00-0000-4000-8000-000000000106' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000106' }], AbsentAliases: ['alias/example-create'] },
  },
});
