import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const sign = defineOperation({
  name: 'Sign',
  group: 'crypto',
  summary: 'Signs a message of up to 4,096 bytes, or a digest.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/sign', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    Message: shapes.plaintext(),
    MessageType: z.optional(shapes.messageType()),
    GrantTokens: z.optional(shapes.grantTokens()),
    SigningAlgorithm: shapes.signingAlgorithm(),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      Signature: shapes.ciphertext(),
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
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:Sign', resource: 'key' }],
  // Sign does not accept an encryption context, so the key must have the tenant's tag.
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'asymmetric',
  retrySafety: 'safe',
  example: {
    input: { KeyId: 'alias/example-sign', Message: 'SGVsbG8sIEtNUyE=', SigningAlgorithm: 'ECDSA_SHA_256' },
  },
});
