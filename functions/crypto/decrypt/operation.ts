import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const decrypt = defineOperation({
  name: 'Decrypt',
  group: 'crypto',
  summary: 'Decrypts a ciphertext.',
  routes: [
    { method: 'POST', path: '/keys/{KeyId}/decrypt', status: 200 },
    { method: 'POST', path: '/decrypt', status: 200 },
  ],
  input: z.strictObject({
    CiphertextBlob: z.optional(shapes.ciphertext()),
    EncryptionContext: z.optional(shapes.encryptionContext()),
    GrantTokens: z.optional(shapes.grantTokens()),
    KeyId: z.optional(shapes.keyId()),
    EncryptionAlgorithm: z.optional(shapes.encryptionAlgorithm()),
    Recipient: z.optional(shapes.recipient()),
    DryRun: z.optional(shapes.dryRun()),
    DryRunModifiers: z.optional(shapes.dryRunModifiers()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      Plaintext: z.optional(shapes.plaintext()),
      EncryptionAlgorithm: shapes.encryptionAlgorithm(),
      CiphertextForRecipient: z.optional(shapes.ciphertext()),
      KeyMaterialId: z.optional(z.string()),
    }),
  sensitive: ['Plaintext'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'InvalidCiphertextException',
    'KeyUnavailableException',
    'IncorrectKeyException',
    'InvalidKeyUsageException',
    'DependencyTimeoutException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:Decrypt', resource: 'key' }],
  tenancy: 'encryption-context',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example',
      CiphertextBlob:
        'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5/RTAy5k/XRNiWW+ici/zBjiqw2vzbVRROD3mlQHkOmgra20MmLeSYs2IwnUXHTtxGZcuUNIcgg==',
      EncryptionContext: { purpose: 'example' },
    },
  },
});
