import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const generateDataKeyPairWithoutPlaintext = defineOperation({
  name: 'GenerateDataKeyPairWithoutPlaintext',
  group: 'crypto',
  summary: 'Generates a data key pair and returns its private key encrypted under a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/data-key-pair-without-plaintext', status: 200 }],
  input: z.strictObject({
    EncryptionContext: z.optional(shapes.encryptionContext()),
    KeyId: shapes.keyId(),
    KeyPairSpec: shapes.dataKeyPairSpec(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      PrivateKeyCiphertextBlob: shapes.ciphertext(),
      PublicKey: shapes.publicKey(),
      KeyId: z.string(),
      KeyPairSpec: shapes.dataKeyPairSpec(),
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
    'UnsupportedOperationException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:GenerateDataKeyPairWithoutPlaintext', resource: 'key' }],
  tenancy: 'encryption-context',
  crossAccount: true,
  requestQuota: 'data-key-pair',
  retrySafety: 'safe',
  // The search for RSA primes is random, so generating a 4,096-bit pair occasionally takes seconds.
  timeLimit: 'long',
  example: {
    input: { KeyId: 'alias/example', KeyPairSpec: 'ECC_NIST_P256', EncryptionContext: { purpose: 'example' } },
  },
});
