import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const deriveSharedSecret = defineOperation({
  name: 'DeriveSharedSecret',
  group: 'crypto',
  summary: "Derives a shared secret from a key and another party's public key.",
  routes: [{ method: 'POST', path: '/keys/{KeyId}/shared-secret', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    KeyAgreementAlgorithm: shapes.keyAgreementAlgorithm(),
    PublicKey: shapes.publicKey(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
    Recipient: z.optional(shapes.recipient()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      SharedSecret: z.optional(shapes.plaintext()),
      CiphertextForRecipient: z.optional(shapes.ciphertext()),
      KeyAgreementAlgorithm: shapes.keyAgreementAlgorithm(),
      KeyOrigin: shapes.origin(),
    }),
  sensitive: ['SharedSecret'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'DependencyTimeoutException',
    'InvalidGrantTokenException',
    'InvalidKeyUsageException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:DeriveSharedSecret', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'asymmetric',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example-agreement',
      KeyAgreementAlgorithm: 'ECDH',
      PublicKey:
        'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEb8hulfbXt55PydSAFrsMXH0NP77W4ZhWkUh/iff0AK5B/heZ4/+z+n1c/6zzSAExrRMMQvDtgqm5pZ+ggBl3CA==',
    },
  },
});
