import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const deleteAlias = defineOperation({
  name: 'DeleteAlias',
  group: 'aliases',
  summary: 'Deletes an alias, but not its key.',
  routes: [{ method: 'DELETE', path: '/aliases/{AliasName}', status: 200 }],
  input: z.strictObject({ AliasName: shapes.aliasName() }),
  output: () => z.object({}),
  sensitive: [],
  errors: ['DependencyTimeoutException', 'NotFoundException', 'KMSInternalException', 'KMSInvalidStateException'],
  unlistedErrors: ['InvalidAliasNameException'],
  permissions: [
    { action: 'kms:DeleteAlias', resource: 'alias' },
    { action: 'kms:DeleteAlias', resource: 'key' },
  ],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 15,
  retrySafety: 'safe',
  example: {
    input: { AliasName: 'alias/example-delete' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000109', Aliases: ['alias/example-delete'] }] },
  },
});
