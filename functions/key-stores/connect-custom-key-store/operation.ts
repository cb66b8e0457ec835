import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const connectCustomKeyStore = defineOperation({
  name: 'ConnectCustomKeyStore',
  group: 'key-stores',
  summary: 'Connects a custom key store.',
  routes: [{ method: 'POST', path: '/key-stores/{CustomKeyStoreId}/connect', status: 200 }],
  input: z.strictObject({ CustomKeyStoreId: shapes.customKeyStoreId() }),
  output: () => z.object({}),
  sensitive: [],
  errors: [
    'CloudHsmClusterNotActiveException',
    'CustomKeyStoreInvalidStateException',
    'CustomKeyStoreNotFoundException',
    'KMSInternalException',
    'CloudHsmClusterInvalidConfigurationException',
  ],
  permissions: [{ action: 'kms:ConnectCustomKeyStore', resource: 'any' }],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  timeLimit: 'long',
  example: {
    input: { CustomKeyStoreId: 'cks-2222222222d' },
    seed: {
      CustomKeyStores: [
        {
          CustomKeyStoreId: 'cks-2222222222d',
          CustomKeyStoreName: 'example-connect',
          CloudHsmClusterId: 'cluster-2222222222d',
        },
      ],
    },
  },
});
