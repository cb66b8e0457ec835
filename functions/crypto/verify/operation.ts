import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const verify = defineOperation({
  name: 'Verify',
  group: 'crypto',
  summary: 'Verifies a signature.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/verify', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Message: shapes.plaintext(),
    MessageType: z.optional(shapes.messageType()),
    Signature: shapes.ciphertext(),
    SigningAlgorithm: shapes.signingAlgorithm(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      SignatureValid: z.boolean(),
      SigningAlgorithm: shapes.signingAlgorithm(),
    }),
  sensitive: ['Message'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'DependencyTimeoutException',
    'InvalidKeyUsageException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'KMSInvalidSignatureException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:Verify', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'asymmetric',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example-sign',
      Message: 'SGVsbG8sIEtNUyE=',
      Signature: 'MEYCIQC4lnVIvYK76O6251/jZJ1gt5Onp2+k1+auzwQ5AtXseQIhAJToatBKxYb6nKANeoACXE1w+IKdQ6BDW40+opzkTVT4',
      SigningAlgorithm: 'ECDSA_SHA_256',
    },
  },
});
