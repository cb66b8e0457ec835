import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const updateAlias = defineOperation({
  name: 'UpdateAlias',
  group: 'aliases',
  summary: 'Points an alias to another key.',
  routes: [{ method: 'PUT', path: '/aliases/{AliasName}', status: 200 }],
  input: z.strictObject({ AliasName: shapes.aliasName(), TargetKeyId: shapes.keyId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'DependencyTimeoutException',
    'NotFoundException',
    'KMSInternalException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
  unlistedErrors: ['InvalidAliasNameException'],
  permissions: [
    { action: 'kms:UpdateAlias', resource: 'alias' },
    { action: 'kms:UpdateAlias', resource: 'key' },
  ],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  example: {
    input: { AliasName: 'alias/example-update', TargetKeyId: '5a4d1e00-0000-4000-8000-000000000108' },
    seed: {
      Keys: [
        { KeyId: '5a4d1e00-0000-4000-8000-000000000107', Aliases: ['alias/example-update'] },
        { KeyId: '5a4d1e00-0000-4000-8000-000000000108' },
      ],
    },
  },
});
