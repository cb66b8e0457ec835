import type { KeyStore, KeyStoreRecord } from '../../core/key-store-record.ts';
import { KmsError, type KmsErrorCode } from '../../core/kms-error.ts';
import type { Store } from '../../store/store.ts';

/** The members of CreateCustomKeyStore and UpdateCustomKeyStore that apply to only one type of key store. */
const membersByType = {
  AWS_CLOUDHSM: ['CloudHsmClusterId', 'TrustAnchorCertificate', 'KeyStorePassword'],
  EXTERNAL_KEY_STORE: [
    'XksProxyConnectivity',
    'XksProxyUriEndpoint',
    'XksProxyUriPath',
    'XksProxyAuthenticationCredential',
    'XksProxyVpcEndpointServiceName',
    'XksProxyVpcEndpointServiceOwner',
  ],
} as const;
const optionalMembers = new Set(['XksProxyVpcEndpointServiceName', 'XksProxyVpcEndpointServiceOwner']);

type Request = Readonly<Record<string, unknown>>;

/** Throws ValidationException if the request contains a member for the other type of key store. */
export function throwIfMembersOfOtherType(request: Request, type: KeyStoreRecord['type']): void {
  const other = type === 'AWS_CLOUDHSM' ? 'EXTERNAL_KEY_STORE' : 'AWS_CLOUDHSM';
  for (const member of membersByType[other]) {
    if (request[member] !== undefined) throw invalid(`${member} is not valid for a custom key store of type ${type}.`);
  }
}

/** Throws ValidationException if the request does not contain all members that this type of key store requires. */
export function requireMembersOfType(request: Request, type: KeyStoreRecord['type']): void {
  for (const member of membersByType[type]) {
    if (request[member] === undefined && !optionalMembers.has(member)) {
      throw invalid(`${member} is required for a custom key store of type ${type}.`);
    }
  }
}

/** Checks only the format of the certificate, because there is no cluster to compare it with. */
export function checkTrustAnchor(certificate: string): void {
  const pem = /^\s*-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;
  if (!pem.test(certificate)) {
    throw new KmsError('IncorrectTrustAnchorException', 'The trust anchor certificate is not a PEM certificate.');
  }
}

/**
 * Requires a VPC endpoint service in this Region for connectivity VPC_ENDPOINT_SERVICE, and rejects a VPC endpoint
 * service for connectivity PUBLIC_ENDPOINT.
 */
export function checkProxy({ proxy }: KeyStoreRecord, region: string): void {
  if (proxy === undefined) return;
  const service = proxy.VpcEndpointServiceName;
  if (proxy.Connectivity === 'PUBLIC_ENDPOINT') {
    if ((service ?? proxy.VpcEndpointServiceOwner) === undefined) return;
    throw invalid('A VPC endpoint service is not valid with XksProxyConnectivity PUBLIC_ENDPOINT.');
  }
  if (service === undefined) {
    throw invalid('XksProxyVpcEndpointServiceName is required with XksProxyConnectivity VPC_ENDPOINT_SERVICE.');
  }
  if (service.split('.')[3] !== region) {
    throw new KmsError('XksProxyVpcEndpointServiceNotFoundException', `VPC endpoint service ${service} is not found.`);
  }
}

type Rule = readonly [
  code: KmsErrorCode,
  what: string,
  isTaken: (mine: KeyStoreRecord, theirs: KeyStoreRecord) => boolean,
];

/**
 * The properties that must be unique among the key stores in an account and Region
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html).
 */
const rules: readonly Rule[] = [
  ['CustomKeyStoreNameInUseException', 'name', (mine, theirs) => mine.name === theirs.name],
  [
    'CloudHsmClusterInUseException',
    'CloudHSM cluster',
    (mine, theirs) => mine.clusterId !== undefined && mine.clusterId === theirs.clusterId,
  ],
  [
    'XksProxyUriInUseException',
    'external key store proxy URI',
    (mine, theirs) => hasSameEndpoint(mine, theirs) && mine.proxy?.UriPath === theirs.proxy?.UriPath,
  ],
  [
    'XksProxyUriEndpointInUseException',
    'external key store proxy endpoint',
    // Only public endpoints can be shared, and only with different paths.
    (mine, theirs) =>
      hasSameEndpoint(mine, theirs) &&
      [mine, theirs].some(({ proxy }) => proxy?.Connectivity === 'VPC_ENDPOINT_SERVICE'),
  ],
  [
    'XksProxyVpcEndpointServiceInUseException',
    'VPC endpoint service',
    (mine, theirs) =>
      mine.proxy?.VpcEndpointServiceName !== undefined &&
      mine.proxy.VpcEndpointServiceName === theirs.proxy?.VpcEndpointServiceName,
  ],
];

function hasSameEndpoint(mine: KeyStoreRecord, theirs: KeyStoreRecord): boolean {
  const endpoint = mine.proxy?.UriEndpoint?.toLowerCase();
  return endpoint !== undefined && endpoint === theirs.proxy?.UriEndpoint?.toLowerCase();
}

/**
 * Throws KmsError if another key store in the account and Region has the same name, cluster, proxy or VPC endpoint
 * service.
 */
export function requireUniqueKeyStore(
  store: Store,
  { account, region, record, keyStoreId }: Omit<KeyStore, 'seq' | 'keyStoreId'> & { readonly keyStoreId?: string },
): void {
  const others = store.keyStores.listByRegion(account, region).filter((other) => other.keyStoreId !== keyStoreId);
  for (const [code, what, isTaken] of rules) {
    const other = others.find((other) => isTaken(record, other.record));
    if (other !== undefined) throw new KmsError(code, `The ${what} is in use by custom key store ${other.keyStoreId}.`);
  }
}

function invalid(message: string): KmsError {
  return new KmsError('ValidationException', message);
}
