import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const importKeyMaterial = defineOperation({
  name: 'ImportKeyMaterial',
  group: 'import',
  summary: 'Imports wrapped key material into a key.',
  routes: [{ method: 'PUT', path: '/keys/{KeyId}/material', status: 200 }],
  input: z.strictObject({
    KeyId: shapes.keyId(),
    ImportToken: shapes.ciphertext(),
    EncryptedKeyMaterial: shapes.ciphertext(),
    ValidTo: z.optional(shapes.timestamp()),
    ExpirationModel: z.optional(shapes.expirationModel()),
    ImportType: z.optional(z.enum(['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'])),
    KeyMaterialDescription: z.optional(shapes.keyMaterialDescription()),
    KeyMaterialId: z.optional(shapes.keyMaterialId()),
  }),
  output: () => z.object({ KeyId: z.string(), KeyMaterialId: z.optional(z.string()) }),
  sensitive: [],
  errors: [
    'InvalidArnException',
    'UnsupportedOperationException',
    'DependencyTimeoutException',
    'NotFoundException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'InvalidCiphertextException',
    'IncorrectKeyMaterialException',
    'ExpiredImportTokenException',
    'InvalidImportTokenException',
  ],
  permissions: [{ action: 'kms:ImportKeyMaterial', resource: 'key' }],
  tenancy: 'key-tag',
  crossAccount: false,
  requestQuota: 15,
  retrySafety: 'safe',
  timeLimit: 'long',
  lifecycleEvent: 'Key Material Imported',
  example: {
    input: {
      KeyId: '5a4d1e00-0000-4000-8000-000000000122',
      ImportToken:
        'a21zLWZ1bmN0aW9uczogdGhlIGltcG9ydCB0b2tlbiBvZiB0aGUgc2FtcGxlczsgaXRzIHdyYXBwaW5nIGtleSBpcyBwdWJsaWM=',
      EncryptedKeyMaterial:
        'fVJufvibkzpk2hgpcN7amdK5kowCtReowIOxw1SiVkU5+jNZbWPUExqUKmPbJlDlFyO7j6js46ZmtKhJo4HYp7hsDVbIBSdPpuP/3kS/dQ/qj8cTeZjTOsLukMEkIdUQCvErAzsBHu0aNR8oPV5jOjuxNzdYvevRGIPBSbxnKeW+Hy15jDncLiv8x89k4gAhHi9H2tSfeBOXsQzd2ZWJvaHeE4hHuSJjHBTOZLi13ffwpO4ce0b2tfB5sQZ6g2YUafA2KG8c2QYzj5AP0FZRbD3MIl5NleEipC3celWA24KzbkonO4CfAQPf7Mruom8VVhIY3h7jtB8LGKwHuT0KMw==',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    },
    seed: { Keys: [{ KeyId: '5a4d1e00-0000-4000-8000-000000000122', Origin: 'EXTERNAL', KeyState: 'PendingImport' }] },
  },
});
