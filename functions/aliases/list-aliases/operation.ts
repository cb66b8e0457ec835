import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listAliases = defineOperation({
  name: 'ListAliases',
  group: 'aliases',
  summary: 'Lists the aliases in the account and Region, or only the aliases of one key.',
  routes: [{ method: 'GET', path: '/aliases', status: 200 }],
  input: z.strictObject({
    KeyId: z.optional(shapes.keyId()),
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
  }),
  output: () =>
    z.object({
      Aliases: z.array(
        z.object({
          AliasName: z.string(),
          AliasArn: z.string(),
          TargetKeyId: z.optional(z.string()),
          CreationDate: z.optional(shapes.timestamp()),
          LastUpdatedDate: z.optional(shapes.timestamp()),
        }),
      ),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: [
    'DependencyTimeoutException',
    'InvalidMarkerException',
    'KMSInternalException',
    'InvalidArnException',
    'NotFoundException',
  ],
  permissions: [{ action: 'kms:ListAliases', resource: 'any' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 500,
  retrySafety: 'safe',
  example: { input: { Limit: 10 } },
});
