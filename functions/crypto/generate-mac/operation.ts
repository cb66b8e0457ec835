import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const generateMac = defineOperation({
  name: 'GenerateMac',
  group: 'crypto',
  summary: 'Generates a MAC for a message of up to 4,096 bytes.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/mac', status: 200 }],
  input: z.strictObject({
    Message: shapes.plaintext(),
    KeyId: shapes.keyId(),
    MacAlgorithm: shapes.macAlgorithm(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      Mac: shapes.ciphertext(),
      MacAlgorithm: shapes.macAlgorithm(),
      KeyId: z.string(),
    }),
  sensitive: ['Message'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'InvalidKeyUsageException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:GenerateMac', resource: 'key' }],
  // GenerateMac does not accept an encryption context, so the key must have the tenant's tag.
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: {
    input: { KeyId: 'alias/example-mac', Message: 'SGVsbG8sIEtNUyE=', MacAlgorithm: 'HMAC_SHA_256' },
  },
});
