import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const reEncrypt = defineOperation({
  name: 'ReEncrypt',
  group: 'crypto',
  summary: 'Re-encrypts a ciphertext under another key, without revealing the plaintext.',
  routes: [{ method: 'POST', path: '/keys/{SourceKeyId}/re-encrypt', status: 200 }],
  input: z.strictObject({
    CiphertextBlob: z.optional(shapes.ciphertext()),
    SourceEncryptionContext: z.optional(shapes.encryptionContext()),
    SourceKeyId: z.optional(shapes.keyId()),
    DestinationKeyId: shapes.keyId(),
    DestinationEncryptionContext: z.optional(shapes.encryptionContext()),
    SourceEncryptionAlgorithm: z.optional(shapes.encryptionAlgorithm()),
    DestinationEncryptionAlgorithm: z.optional(shapes.encryptionAlgorithm()),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
    DryRunModifiers: z.optional(shapes.dryRunModifiers()),
  }),
  output: () =>
    z.object({
      CiphertextBlob: shapes.ciphertext(),
      SourceKeyId: z.string(),
      KeyId: z.string(),
      SourceEncryptionAlgorithm: shapes.encryptionAlgorithm(),
      DestinationEncryptionAlgorithm: shapes.encryptionAlgorithm(),
      SourceKeyMaterialId: z.optional(z.string()),
      DestinationKeyMaterialId: z.optional(z.string()),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DisabledException',
    'InvalidCiphertextException',
    'KeyUnavailableException',
    'IncorrectKeyException',
    'DependencyTimeoutException',
    'InvalidKeyUsageException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [
    { action: 'kms:ReEncryptFrom', resource: 'key' },
    { action: 'kms:ReEncryptTo', resource: 'key' },
  ],
  tenancy: 'encryption-context',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: {
    input: {
      SourceKeyId: 'alias/example',
      CiphertextBlob:
        'AambP9YvPkxc0iDmxBqtparnwicb/nMJSMqOaw8vXFu5/RTAy5k/XRNiWW+ici/zBjiqw2vzbVRROD3mlQHkOmgra20MmLeSYs2IwnUXHTtxGZcuUNIcgg==',
      SourceEncryptionContext: { purpose: 'example' },
      DestinationKeyId: '5a4d1e00-0000-4000-8000-000000000124',
    },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000124' }] },
  },
});
