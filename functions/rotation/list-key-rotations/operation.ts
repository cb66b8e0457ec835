import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const listKeyRotations = defineOperation({
  name: 'ListKeyRotations',
  group: 'rotation',
  summary: "Lists a key's rotations.",
  routes: [{ method: 'GET', path: '/keys/{KeyId}/rotations', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    IncludeKeyMaterial: z.optional(z.enum(['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'])),
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
  }),
  output: () =>
    z.object({
      Rotations: z.array(
        z.object({
          KeyId: z.string(),
          KeyMaterialId: z.string(),
          KeyMaterialDescription: z.optional(z.string()),
          ImportState: z.optional(z.enum(['IMPORTED', 'PENDING_IMPORT'])),
          KeyMaterialState: z.enum([
            'NON_CURRENT',
            'CURRENT',
            'PENDING_ROTATION',
            'PENDING_MULTI_REGION_IMPORT_AND_ROTATION',
          ]),
          ExpirationModel: z.optional(shapes.expirationModel()),
          ValidTo: z.optional(shapes.timestamp()),
          RotationDate: z.optional(shapes.timestamp()),
          RotationType: z.optional(z.enum(['AUTOMATIC', 'ON_DEMAND'])),
        }),
      ),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: [],
  errors: [
    'NotFoundException',
    'InvalidArnException',
    'InvalidMarkerException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'UnsupportedOperationException',
  ],
  permissions: [{ action: 'kms:ListKeyRotations', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 100,
  retrySafety: 'safe',
  example: { input: { KeyId: '5a4d1e00-0000-4000-8000-000000000001' } },
});
