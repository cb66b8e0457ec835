import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const generateDataKeyPairWithoutPlaintext = defineOperation({
  name: 'GenerateDataKeyPairWithoutPlaintext',
  group: 'crypto',
  summary: 'Makes a data key pair, its private key encrypted under a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/data-key-pair-without-plaintext', status: 200 }],
  input: z.strictObject({
    EncryptionContext: z.optional(shapes.encryptionContext()),
    KeyId: shapes.keyId(),
    KeyPairSpec: shapes.dataKeyPairSpec(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(z.boolean()),
  }),
  output: z.object({
    PrivateKeyCiphertextBlob: z.optional(shapes.ciphertext()),
    PublicKey: z.optional(shapes.publicKey()),
    KeyId: z.optional(z.string()),
    KeyPairSpec: z.optional(shapes.dataKeyPairSpec()),
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
  // An RSA pair is found by trial: one of 4,096 bits takes seconds now and then.
  attemptTimeoutMs: 8_000,
  example: {
    input: { KeyId: 'alias/example', KeyPairSpec: 'ECC_NIST_P256', EncryptionContext: { purpose: 'example' } },
  },
});
