import * as z from 'zod/mini';
import { defineOwnOperation, maxEventBytes } from '../../../shared/declaration/operation.ts';
import { text } from '../../../shared/declaration/shapes.ts';
import * as tokenShapes from '../shapes.ts';

const reference = () => text(1, 128);

export const generateLookupTokenBatch = defineOwnOperation({
  name: 'GenerateLookupTokenBatch',
  isOwn: true,
  group: 'tokens',
  summary: 'Generates the lookup tokens of up to 2,000 values of one field, with one request to KMS.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/lookup-token-batch', status: 200 }],
  input: z.strictObject({
    ...tokenShapes.settings(),
    Items: z
      .array(
        z.strictObject({
          Reference: z.optional(reference()),
          Value: z.optional(tokenShapes.value()),
          ValueBytes: z.optional(tokenShapes.valueBytes()),
        }),
      )
      .check(z.minLength(1), z.maxLength(tokenShapes.maxItems)),
  }),
  output: () =>
    z.object({
      Results: z.array(
        z.object({
          Reference: z.optional(z.string()),
          Token: tokenShapes.token(),
          PreviousTokens: z.optional(tokenShapes.previousTokens()),
        }),
      ),
      KeyId: z.string(),
      PreviousKeyIds: z.optional(z.array(z.string())),
    }),
  sensitive: ['Items', 'Value', 'ValueBytes', 'Results', 'Token', 'PreviousTokens'],
  maxRequestBytes: maxEventBytes,
  errors: tokenShapes.errors,
  permissions: [{ action: 'kms:GenerateMac', resource: 'key' }],
  tenancy: 'steps',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example-mac',
      Field: 'customer.email',
      Normalization: ['TRIM', 'NFC', 'LOWER_CASE'],
      Items: [
        { Reference: '17', Value: 'ada@example.com' },
        { Reference: '18', Value: 'grace@example.com' },
      ],
    },
    output: {
      Results: [
        { Reference: '17', Token: 'v1.3e810e02a89199744e2f2b7af5f0e55a' },
        { Reference: '18', Token: 'v1.c11c813e55ef5ae913b6c7aa15dfd54b' },
      ],
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000003',
    },
  },
});
