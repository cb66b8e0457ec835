import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const rotateKeyOnDemand = defineOperation({
  name: 'RotateKeyOnDemand',
  group: 'rotation',
  summary: 'Rotates a key immediately. Earlier ciphertexts can still be decrypted.',
  routes: [{ method: 'POST', path: '/keys/{KeyId}/rotate', status: 200 }],
  input: z.strictObject({ KeyId: shapes.keyId() }),
  output: () => z.object({ KeyId: z.string() }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'DisabledException',
    'InvalidArnException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'UnsupportedOperationException',
    'LimitExceededException',
    'ConflictException',
  ],
  permissions: [{ action: 'kms:RotateKeyOnDemand', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: {
    check: 'Before you send the request again, call ListKeyRotations, which lists the rotation if KMS completed it.',
  },
  timeLimit: 'long',
  lifecycleEvent: 'Key Rotated',
  example: {
    input: { KeyId: '5a4d1e00-0000-4000-8000-000000000120' },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000120' }] },
  },
});
