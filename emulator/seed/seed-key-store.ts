import * as z from 'zod/mini';
import { describeCustomKeyStores } from '../../functions/key-stores/describe-custom-key-stores/operation.ts';
import * as shapes from '../../shared/declaration/shapes.ts';

/** The declaration of DescribeCustomKeyStores lists every reason for a failed connection. */
const { CustomKeyStores } = describeCustomKeyStores.output()._zod.def.shape;
const { ConnectionErrorCode } = CustomKeyStores._zod.def.element._zod.def.shape;

/** A custom key store that the seed creates with a fixed id. It contains no secrets. */
export const seedKeyStore = z.strictObject({
  CustomKeyStoreId: shapes.customKeyStoreId(),
  AccountId: z.optional(shapes.text(12, 12, /^\d+$/)),
  Region: z.optional(shapes.text(1, 32, /^[a-z0-9-]+$/)),
  CustomKeyStoreName: shapes.customKeyStoreName(),
  CustomKeyStoreType: z._default(shapes.customKeyStoreType(), 'AWS_CLOUDHSM'),
  CloudHsmClusterId: z.optional(shapes.cloudHsmClusterId()),
  TrustAnchorCertificate: z.optional(shapes.trustAnchorCertificate()),
  XksProxyConfiguration: z.optional(
    z.strictObject({
      Connectivity: shapes.xksProxyConnectivity(),
      AccessKeyId: z.optional(shapes.text(20, 30, /^[A-Z2-7]+$/)),
      UriEndpoint: shapes.xksProxyUriEndpoint(),
      UriPath: shapes.xksProxyUriPath(),
      VpcEndpointServiceName: z.optional(shapes.xksProxyVpcEndpointServiceName()),
      VpcEndpointServiceOwner: z.optional(shapes.text(12, 12, /^\d+$/)),
    }),
  ),
  ConnectionState: z._default(z.enum(['CONNECTED', 'DISCONNECTED', 'FAILED']), 'DISCONNECTED'),
  /** The reason why the connection failed. */
  ConnectionErrorCode,
  CreationDate: z.optional(shapes.timestamp()),
});

export type SeedKeyStore = z.output<typeof seedKeyStore>;
