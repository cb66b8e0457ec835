import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const generateDataKeyWithoutPlaintext = defineOperation({
  name: 'GenerateDataKeyWithoutPlaintext',
  group: 'crypto',
  summary: 'Generates a data key and returns it encrypted under a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/data-key-without-plaintext', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    KeySpec: z.optional(shapes.dataKeySpec()),
    NumberOfBytes: z.optional(shapes.numberOfBytes()),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      CiphertextBlob: shapes.ciphertext(),
      KeyId: z.string(),
      KeyMaterialId: z.optional(z.string()),
    }),
  sensitive: [],
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
  permissions: [{ action: 'kms:GenerateDataKeyWithoutPlaintext', resource: 'key' }],
  tenancy: 'encryption-context',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: { input: { KeyId: 'alias/example', KeySpec: 'AES_256', EncryptionContext: { purpose: 'example' } } },
});
