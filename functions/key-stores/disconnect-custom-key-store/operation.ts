import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const disconnectCustomKeyStore = defineOperation({
  name: 'DisconnectCustomKeyStore',
  group: 'key-stores',
  summary: 'Disconnects a custom key store. Its keys cannot be used until it is connected again.',
  routes: [{ method: 'POST', path: '/key-stores/{CustomKeyStoreId}/disconnect', status: 200 }],
  input: z.strictObject({ CustomKeyStoreId: shapes.customKeyStoreId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: ['CustomKeyStoreInvalidStateException', 'CustomKeyStoreNotFoundException', 'KMSInternalException'],
  permissions: [{ action: 'kms:DisconnectCustomKeyStore', resource: 'any' }],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  timeLimit: 'long',
  example: {
    input: { CustomKeyStoreId: 'cks-2222222222e' },
    seed: {
      CustomKeyStores: [
        {
          CustomKeyStoreId: 'cks-2222222222e',
          CustomKeyStoreName: 'example-disconnect',
          CloudHsmClusterId: 'cluster-2222222222e',
          ConnectionState: 'CONNECTED',
        },
      ],
    },
  },
});
