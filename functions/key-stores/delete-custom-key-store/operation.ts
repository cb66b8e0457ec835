import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const deleteCustomKeyStore = defineOperation({
  name: 'DeleteCustomKeyStore',
  group: 'key-stores',
  summary: 'Deletes a custom key store that has no keys.',
  routes: [{ method: 'DELETE', path: '/key-stores/{CustomKeyStoreId}', status: 200 }],
  input: z.strictObject({ CustomKeyStoreId: shapes.customKeyStoreId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'CustomKeyStoreHasCMKsException',
    'CustomKeyStoreInvalidStateException',
    'CustomKeyStoreNotFoundException',
    'KMSInternalException',
  ],
  permissions: [{ action: 'kms:DeleteCustomKeyStore', resource: 'any' }],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  timeLimit: 'long',
  example: {
    input: { CustomKeyStoreId: 'cks-2222222222c' },
    seed: {
      CustomKeyStores: [
        {
          CustomKeyStoreId: 'cks-2222222222c',
          CustomKeyStoreName: 'example-delete',
          CloudHsmClusterId: 'cluster-2222222222c',
        },
      ],
    },
  },
});
