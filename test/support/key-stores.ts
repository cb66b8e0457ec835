import {
  CreateCustomKeyStoreCommand,
  type CreateCustomKeyStoreCommandInput,
  DescribeCustomKeyStoresCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';

let count = 0;

/** Converts a number to eleven letters, because a cluster id can contain only some of the digits. */
function letters(number: number): string {
  return [...String(number).padStart(11, '0')].map((digit) => 'abcdefghij'[Number(digit)]).join('');
}

/** Builds a request for a CloudHSM key store with a unique name and cluster id. */
export function cloudHsm(input: Partial<CreateCustomKeyStoreCommandInput> = {}): CreateCustomKeyStoreCommandInput {
  count += 1;
  return {
    CustomKeyStoreName: `hsm ${count}`,
    CloudHsmClusterId: `cluster-${letters(count)}`,
    TrustAnchorCertificate: '-----BEGIN CERTIFICATE-----\nMIIBexample\n-----END CERTIFICATE-----\n',
    KeyStorePassword: 'password',
    ...input,
  };
}

/** Builds a request for an external key store with a public endpoint and a unique name. */
export function external(input: Partial<CreateCustomKeyStoreCommandInput> = {}): CreateCustomKeyStoreCommandInput {
  count += 1;
  return {
    CustomKeyStoreName: `xks ${count}`,
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    XksProxyConnectivity: 'PUBLIC_ENDPOINT',
    XksProxyUriEndpoint: `https://xks${count}.example.com`,
    XksProxyUriPath: '/kms/xks/v1',
    XksProxyAuthenticationCredential: {
      AccessKeyId: 'ABCDEFGH234567EXAMPLE',
      RawSecretAccessKey: 's'.repeat(43),
    },
    ...input,
  };
}

/** Builds a request for an external key store with a VPC endpoint service and a unique name. */
export function vpc(input: Partial<CreateCustomKeyStoreCommandInput> = {}): CreateCustomKeyStoreCommandInput {
  const request = external({ XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE' });
  const XksProxyVpcEndpointServiceName = `com.amazonaws.vpce.us-east-1.vpce-svc-0${count}`;
  return { ...request, XksProxyVpcEndpointServiceName, ...input };
}

export async function createKeyStore(client: KMSClient, input: CreateCustomKeyStoreCommandInput): Promise<string> {
  const { CustomKeyStoreId = '' } = await client.send(new CreateCustomKeyStoreCommand(input));
  return CustomKeyStoreId;
}

export async function describeKeyStore(client: KMSClient, CustomKeyStoreId: string) {
  const { CustomKeyStores } = await client.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId }));
  return CustomKeyStores?.[0];
}
