import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const createCustomKeyStore = defineOperation({
  name: 'CreateCustomKeyStore',
  group: 'key-stores',
  summary: 'Creates a custom key store.',
  routes: [{ method: 'POST', path: '/key-stores', status: 201 }],
  input: z.strictObject({
    CustomKeyStoreName: shapes.customKeyStoreName(),
    CloudHsmClusterId: z.optional(shapes.cloudHsmClusterId()),
    TrustAnchorCertificate: z.optional(shapes.trustAnchorCertificate()),
    KeyStorePassword: z.optional(shapes.keyStorePassword()),
    CustomKeyStoreType: z.optional(shapes.customKeyStoreType()),
    XksProxyUriEndpoint: z.optional(shapes.xksProxyUriEndpoint()),
    XksProxyUriPath: z.optional(shapes.xksProxyUriPath()),
    XksProxyVpcEndpointServiceName: z.optional(shapes.xksProxyVpcEndpointServiceName()),
    XksProxyVpcEndpointServiceOwner: z.optional(shapes.text(12, 12, /^[0-9]{12}$/)),
    XksProxyAuthenticationCredential: z.optional(shapes.xksProxyAuthenticationCredential()),
    XksProxyConnectivity: z.optional(shapes.xksProxyConnectivity()),
  }),
  output: () => z.object({ CustomKeyStoreId: z.string() }),
  sensitive: ['KeyStorePassword', 'AccessKeyId', 'RawSecretAccessKey'],
  errors: [
    'CloudHsmClusterInUseException',
    'CustomKeyStoreNameInUseException',
    'CloudHsmClusterNotFoundException',
    'KMSInternalException',
    'CloudHsmClusterNotActiveException',
    'IncorrectTrustAnchorException',
    'CloudHsmClusterInvalidConfigurationException',
    'LimitExceededException',
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
    { action: 'kms:CreateCustomKeyStore', resource: 'any' },
    // Required for CloudHSM key stores
    // (https://docs.aws.amazon.com/kms/latest/developerguide/authorize-key-store.html).
    { action: 'cloudhsm:DescribeClusters', resource: 'any' },
    // Required if another account owns the VPC endpoint service
    // (https://docs.aws.amazon.com/kms/latest/developerguide/authorize-xks-key-store.html).
    { action: 'ec2:DescribeVpcEndpointServices', resource: 'any', ownRegionKey: 'ec2:Region' },
    { action: 'iam:CreateServiceLinkedRole', resource: { service: 'cks.kms.amazonaws.com' } },
  ],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: {
    check: "Before you send the request again, call DescribeCustomKeyStores with the key store's name.",
  },
  timeLimit: 'long',
  example: {
    input: {
      CustomKeyStoreName: 'example-create',
      CloudHsmClusterId: 'cluster-2222222222a',
      TrustAnchorCertificate: '-----BEGIN CERTIFICATE-----\nMIIBexample\n-----END CERTIFICATE-----',
      KeyStorePassword: 'example-password',
    },
    seed: { AbsentCustomKeyStores: ['example-create'] },
  },
});
