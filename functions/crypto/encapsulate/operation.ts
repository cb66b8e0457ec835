import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const encapsulate = defineOperation({
  name: 'Encapsulate',
  group: 'crypto',
  summary: 'Generates a shared secret and encapsulates it for a key.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/encapsulate', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    EncapsulationAlgorithm: shapes.encapsulationAlgorithm(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      SharedSecret: shapes.plaintext(),
      SharedSecretCiphertextBlob: shapes.ciphertext(),
      EncapsulationAlgorithm: shapes.encapsulationAlgorithm(),
    }),
  sensitive: ['SharedSecret'],
  errors: [
    'DependencyTimeoutException',
    'DisabledException',
    'DryRunOperationException',
    'InvalidGrantTokenException',
    'InvalidKeyUsageException',
    'KeyUnavailableException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'NotFoundException',
  ],
  permissions: [{ action: 'kms:Encapsulate', resource: 'key' }],
  // Encapsulate does not accept an encryption context, so the key must have the tenant's tag.
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'asymmetric',
  retrySafety: 'safe',
  example: {
    input: { KeyId: 'alias/example-kem', EncapsulationAlgorithm: 'ML_KEM' },
  },
});
