import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const encrypt = defineOperation({
  name: 'Encrypt',
  group: 'crypto',
  summary: 'Encrypts up to 4,096 bytes under a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/encrypt', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Plaintext: shapes.plaintext(),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    GrantTokens: z.optional(shapes.grantTokens()),
    EncryptionAlgorithm: z.optional(shapes.encryptionAlgorithm()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      CiphertextBlob: shapes.ciphertext(),
      KeyId: z.string(),
      EncryptionAlgorithm: shapes.encryptionAlgorithm(),
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
  permissions: [{ action: 'kms:Encrypt', resource: 'key' }],
  tenancy: 'encryption-context',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: {
    input: { KeyId: 'alias/example', Plaintext: 'SGVsbG8sIEtNUyE=', EncryptionContext: { purpose: 'example' } },
  },
});
