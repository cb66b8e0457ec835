import * as z from 'zod/mini';
import { defineOperation } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

export const describeCustomKeyStores = defineOperation({
  name: 'DescribeCustomKeyStores',
  group: 'key-stores',
  summary: 'Lists the custom key stores in the account and Region.',
  routes: [{ method: 'GET', path: '/key-stores', status: 200 }],
  input: z.strictObject({
    CustomKeyStoreId: z.optional(shapes.customKeyStoreId()),
    CustomKeyStoreName: z.optional(shapes.customKeyStoreName()),
    Limit: z.optional(shapes.limit()),
    Marker: z.optional(shapes.marker()),
  }),
  output: () =>
    z.object({
      CustomKeyStores: z.array(
        z.object({
          CustomKeyStoreId: z.string(),
          CustomKeyStoreName: z.string(),
          CloudHsmClusterId: z.optional(z.string()),
          TrustAnchorCertificate: z.optional(z.string()),
          ConnectionState: z.enum(['CONNECTED', 'CONNECTING', 'FAILED', 'DISCONNECTED', 'DISCONNECTING']),
          ConnectionErrorCode: z.optional(
            z.enum([
              'INVALID_CREDENTIALS',
              'CLUSTER_NOT_FOUND',
              'NETWORK_ERRORS',
              'INTERNAL_ERROR',
              'INSUFFICIENT_CLOUDHSM_HSMS',
              'USER_LOCKED_OUT',
              'USER_NOT_FOUND',
              'USER_LOGGED_IN',
              'SUBNET_NOT_FOUND',
              'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET',
              'XKS_PROXY_ACCESS_DENIED',
              'XKS_PROXY_NOT_REACHABLE',
              'XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND',
              'XKS_PROXY_INVALID_RESPONSE',
              'XKS_PROXY_INVALID_CONFIGURATION',
              'XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION',
              'XKS_PROXY_TIMED_OUT',
              'XKS_PROXY_INVALID_TLS_CONFIGURATION',
            ]),
          ),
          CreationDate: shapes.timestamp(),
          CustomKeyStoreType: shapes.customKeyStoreType(),
          XksProxyConfiguration: z.optional(
            z.object({
              Connectivity: shapes.xksProxyConnectivity(),
              AccessKeyId: z.optional(z.string()),
              UriEndpoint: z.string(),
              UriPath: z.string(),
              VpcEndpointServiceName: z.optional(z.string()),
              VpcEndpointServiceOwner: z.optional(z.string()),
            }),
          ),
        }),
      ),
      NextMarker: z.optional(z.string()),
      Truncated: z.boolean(),
    }),
  sensitive: ['AccessKeyId'],
  errors: ['CustomKeyStoreNotFoundException', 'InvalidMarkerException', 'KMSInternalException'],
  permissions: [{ action: 'kms:DescribeCustomKeyStores', resource: 'any' }],
  tenancy: 'rejected',
  crossAccount: false,
  requestQuota: 5,
  retrySafety: 'safe',
  example: { input: { Limit: 10 } },
});
