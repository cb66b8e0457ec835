import * as z from 'zod/mini';
import { defineOwnOperation } from '../../../shared/declaration/operation.ts';
import * as tokenShapes from '../shapes.ts';

export const generateLookupToken = defineOwnOperation({
  name: 'GenerateLookupToken',
  isOwn: true,
  group: 'tokens',
  summary: 'Generates the lookup token of a value, which finds the value in a database that stores it encrypted.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/lookup-token', status: 200 }],
  input: z.strictObject({
    ...tokenShapes.settings(),
    Value: z.optional(tokenShapes.value()),
    ValueBytes: z.optional(tokenShapes.valueBytes()),
  }),
  output: () =>
    z.object({
      Token: tokenShapes.token(),
      KeyId: z.string(),
      PreviousTokens: z.optional(tokenShapes.previousTokens()),
      PreviousKeyIds: z.optional(z.array(z.string())),
    }),
  sensitive: ['Value', 'ValueBytes', 'Token', 'PreviousTokens'],
  errors: tokenShapes.errors,
  permissions: [{ action: 'kms:GenerateMac', resource: 'key' }],
  tenancy: 'steps',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example-mac',
      Field: 'customer.email',
      Value: ' Ada@Example.com',
      Normalization: ['TRIM', 'NFC', 'LOWER_CASE'],
    },
    output: {
      Token: 'v1.3e810e02a89199744e2f2b7af5f0e55a',
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000003',
    },
  },
});
