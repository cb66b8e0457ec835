import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const generateDataKey = defineOperation({
  name: 'GenerateDataKey',
  group: 'crypto',
  summary: 'Generates a data key and returns it in plaintext and encrypted under a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/data-key', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    NumberOfBytes: z.optional(shapes.numberOfBytes()),
    KeySpec: z.optional(shapes.dataKeySpec()),
    GrantTokens: z.optional(shapes.grantTokens()),
    Recipient: z.optional(shapes.recipient()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      CiphertextBlob: shapes.ciphertext(),
      Plaintext: z.optional(shapes.plaintext()),
      KeyId: z.string(),
      CiphertextForRecipient: z.optional(shapes.ciphertext()),
      KeyMaterialId: z.optional(z.string()),
    }),
  sensitive: ['Plaintext'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'DependencyTimeoutException',
    'InvalidKeyUsageException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:GenerateDataKey', resource: 'key' }],
  tenancy: 'encryption-context',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: { input: { KeyId: 'alias/example', KeySpec: 'AES_256', EncryptionContext: { purpose: 'example' } } },
});
