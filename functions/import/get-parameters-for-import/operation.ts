import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const getParametersForImport = defineOperation({
  name: 'GetParametersForImport',
  group: 'import',
  summary: 'Returns the public key and import token for importing key material.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/import-parameters', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    WrappingAlgorithm: z.enum([
      'RSAES_PKCS1_V1_5',
      'RSAES_OAEP_SHA_1',
      'RSAES_OAEP_SHA_256',
      'RSA_AES_KEY_WRAP_SHA_1',
      'RSA_AES_KEY_WRAP_SHA_256',
      'SM2PKE',
    ]),
    WrappingKeySpec: z.enum(['RSA_2048', 'RSA_3072', 'RSA_4096', 'SM2']),
  }),
  output: () =>
    z.object({
      KeyId: z.string(),
      ImportToken: shapes.ciphertext(),
      PublicKey: shapes.plaintext(),
      ParametersValidTo: shapes.timestamp(),
    }),
  sensitive: ['PublicKey'],
  errors: [
    'InvalidArnException',
    'UnsupportedOperationException',
    'DependencyTimeoutException',
    'NotFoundException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  permissions: [{ action: 'kms:GetParametersForImport', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 1,
  retrySafety: 'safe',
  timeLimit: 'long',
  example: {
    input: {
      KeyId: '5a4d1e00-0000-4000-8000-000000000121',
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000121', Origin: 'EXTERNAL', KeyState: 'PendingImport' }] },
  },
});
