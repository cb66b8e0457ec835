import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const getKeyLastUsage = defineOperation({
  name: 'GetKeyLastUsage',
  group: 'keys',
  summary: "Returns the time and operation of a key's last use.",
  routes: [{ method: 'GET', path: '/keys/{KeyId}/last-usage', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () =>
    z.object({
      KeyId: z.string(),
      KeyLastUsage: z.object({
        Operation: z.optional(
          z.enum([
            'Decrypt',
            'DeriveSharedSecret',
            'Encrypt',
            'GenerateDataKey',
            'GenerateDataKeyPair',
            'GenerateDataKeyPairWithoutPlaintext',
            'GenerateDataKeyWithoutPlaintext',
            'GenerateMac',
            'ReEncrypt',
            'Sign',
            'Verify',
            'VerifyMac',
            'Encapsulate',
            'Decapsulate',
          ]),
        ),
        Timestamp: z.optional(shapes.timestamp()),
        CloudTrailEventId: z.optional(z.string()),
        KmsRequestId: z.optional(z.string()),
      }),
      TrackingStartDate: shapes.timestamp(),
      KeyCreationDate: shapes.timestamp(),
    }),
  sensitive: [],
  errors: ['NotFoundException', 'InvalidArnException', 'DependencyTimeoutException', 'KMSInternalException'],
  permissions: [{ action: 'kms:GetKeyLastUsage', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  example: { input: { KeyId: '5a4d1e00-0000-4000-8000-000000000001' } },
});
