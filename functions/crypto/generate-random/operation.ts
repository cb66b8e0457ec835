import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const generateRandom = defineOperation({
  name: 'GenerateRandom',
  group: 'crypto',
  summary: 'Generates up to 1,024 random bytes.',
  routes: [{ method: 'POST', path: '/random', status: 200 }],
  input: z.strictObject({
    NumberOfBytes: z.optional(shapes.numberOfBytes()),
    CustomKeyStoreId: z.optional(shapes.customKeyStoreId()),
    Recipient: z.optional(shapes.recipient()),
  }),
  output: () =>
    z.object({
      Plaintext: z.optional(shapes.plaintext()),
      CiphertextForRecipient: z.optional(shapes.ciphertext()),
    }),
  sensitive: ['Plaintext'],
  errors: [
    'DependencyTimeoutException',
    'KMSInternalException',
    'UnsupportedOperationException',
    'CustomKeyStoreNotFoundException',
    'CustomKeyStoreInvalidStateException',
  ],
  permissions: [{ action: 'kms:GenerateRandom', resource: 'any' }],
  tenancy: 'unbound',
  crossAccount: false,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: { input: { NumberOfBytes: 32 } },
});
