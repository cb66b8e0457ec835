import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const updateCustomKeyStore = defineOperation({
  name: 'UpdateCustomKeyStore',
  group: 'key-stores',
  summary: 'Changes the properties of a custom key store.',
  routes: [{ method: 'PUT', path: '/key-stores/{CustomKeyStoreId}', status: 200 }],
  input: z.strictObject({
    CustomKeyStoreId: shapes.customKeyStoreId(),
    NewCustomKeyStoreName: z.optional(shapes.customKeyStoreName()),
    KeyStorePassword: z.optional(shapes.keyStorePassword()),
    CloudHsmClusterId: z.optional(shapes.cloudHsmClusterId()),
    XksProxyUriEndpoint: z.optional(shapes.xksProxyUriEndpoint()),
    XksProxyUriPath: z.optional(shapes.xksProxyUriPath()),
    XksProxyVpcEndpointServiceName: z.optional(shapes.xksProxyVpcEndpointServiceName()),
    XksProxyVpcEndpointServiceOwner: z.optional(shapes.text(12, 12, /^[0-9]{12}$/)),
    XksProxyAuthenticationCredential: z.optional(shapes.xksProxyAuthenticationCredential()),
    XksProxyConnectivity: z.optional(shapes.xksProxyConnectivity()),
  }),
  output: () => z.object({}),
  sensitive: ['KeyStorePassword', 'AccessKeyId', 'RawSecretAccessKey'],
  errors: [
    'CustomKeyStoreNotFoundException',
    'CustomKeyStoreNameInUseException',
    'CloudHsmClusterNotFoundException',
    'CloudHsmClusterNotRelatedException',
    'CustomKeyStoreInvalidStateException',
    'KMSInternalException',
    'CloudHsmClusterNotActiveException',
    'CloudHsmClusterInvalidConfigurationException',
    'XksProxyUriInUseException',
    'XksProxyUriEndpointInUseException',
    'XksProxyUriUnreachableException',
    'XksProxyIncorrectAuthenticationCredentialException',
    'XksProxyVpcEndpointServiceInUseException',
    'XksProxyVpcEndpointServiceNotFoundException',
    'XksProxyVpcEndpointServiceInvalidConfigurationException',
    'XksProxyInvalidResponseException',
    'XksProxyInvalidConfigurationException',
  ],
  permissions: [
    { action: 'kms:UpdateCustomKeyStore', resource: 'any' },
    // Required for CloudHSM key stores
    // (https://docs.aws.amazon.com/kms/latest/developerguide/authorize-key-store.html).
    { action: 'cloudhsm:DescribeClusters', resource: 'any' },
    // Required if another account owns the VPC endpoint service
    // (https://docs.aws.amazon.com/kms/latest/developerguide/authorize-xks-key-store.html).
    { action: 'ec2:DescribeVpcEndpointServices', resource: 'any', ownRegionKey: 'ec2:Region' },
  ],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  timeLimit: 'long',
  example: {
    input: { CustomKeyStoreId: 'cks-2222222222b', NewCustomKeyStoreName: 'example-updated' },
    seed: {
      CustomKeyStores: [
        {
          CustomKeyStoreId: 'cks-2222222222b',
          CustomKeyStoreName: 'example-update',
          CloudHsmClusterId: 'cluster-2222222222b',
        },
      ],
    },
  },
});
