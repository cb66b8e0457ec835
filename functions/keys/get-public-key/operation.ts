import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const getPublicKey = defineOperation({
  name: 'GetPublicKey',
  group: 'keys',
  summary: 'Returns the public key of an asymmetric key.',
  routes: [
    { method: 'GET', path: '/keys/{KeyId}/public-key', status: 200 },
    { method: 'POST', path: '/keys/{KeyId}/public-key', status: 200 },
  ],
  input: z.strictObject({ KeyId: shapes.keyId(), GrantTokens: z.optional(shapes.grantTokens()) }),
  output: () =>
    z.object({
      KeyId: z.string(),
      PublicKey: shapes.publicKey(),
      CustomerMasterKeySpec: z.optional(shapes.keySpec()),
      KeySpec: shapes.keySpec(),
      KeyUsage: shapes.keyUsage(),
      EncryptionAlgorithms: z.optional(z.array(shapes.encryptionAlgorithm())),
      SigningAlgorithms: z.optional(z.array(shapes.signingAlgorithm())),
      KeyAgreementAlgorithms: z.optional(z.array(shapes.keyAgreementAlgorithm())),
      EncapsulationAlgorithms: z.optional(z.array(shapes.encapsulationAlgorithm())),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'DependencyTimeoutException',
    'UnsupportedOperationException',
    'InvalidArnException',
    'InvalidGrantTokenException',
    'InvalidKeyUsageException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:GetPublicKey', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 2_000,
  retrySafety: 'safe',
  example: { input: { KeyId: 'alias/example-sign' } },
});
