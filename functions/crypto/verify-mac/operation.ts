import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const verifyMac = defineOperation({
  name: 'VerifyMac',
  group: 'crypto',
  summary: 'Verifies a MAC.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/verify-mac', status: 200 }],
  input: z.strictObject({
    Message: shapes.plaintext(),
    KeyId: shapes.keyId(),
    MacAlgorithm: shapes.macAlgorithm(),
    Mac: shapes.ciphertext(),
    GrantTokens: z.optional(shapes.grantTokens()),
    DryRun: z.optional(shapes.dryRun()),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      MacValid: z.boolean(),
      MacAlgorithm: shapes.macAlgorithm(),
    }),
  sensitive: ['Message'],
  errors: [
    'NotFoundException',
    'DisabledException',
    'KeyUnavailableException',
    'InvalidKeyUsageException',
    'InvalidGrantTokenException',
    'KMSInternalException',
    'KMSInvalidMacException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  permissions: [{ action: 'kms:VerifyMac', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: true,
  requestQuota: 'symmetric',
  retrySafety: 'safe',
  example: {
    input: {
      KeyId: 'alias/example-mac',
      Message: 'SGVsbG8sIEtNUyE=',
      Mac: 'Y43qwtPmMokaweG4OxfqJmKGiOLNc6LLHFUYuoUeclo=',
      MacAlgorithm: 'HMAC_SHA_256',
    },
  },
});
