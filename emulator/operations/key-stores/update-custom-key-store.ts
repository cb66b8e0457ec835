import type { updateCustomKeyStore as operation } from '../../../functions/key-stores/update-custom-key-store/operation.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import type { KeyStoreRecord } from '../../core/key-store-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection } from './find-key-store.ts';
import { checkProxy, requireUniqueKeyStore, throwIfMembersOfOtherType } from './key-store-rules.ts';

/**
 * The members that can change while the key store is connected. Changes to any other member require a disconnected key
 * store.
 */
const changeableWhileConnected = new Set([
  'CustomKeyStoreId',
  'NewCustomKeyStoreName',
  'XksProxyAuthenticationCredential',
  'XksProxyUriPath',
]);

/**
 * Updates a key store without contacting a cluster or proxy, like CreateCustomKeyStore. Assumes that a new cluster
 * shares the backup history of the previous cluster. The emulator does not store the password or the secret access key,
 * so changing them has no effect.
 */
export const updateCustomKeyStore: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region } = context;
  store.write(() => {
    const keyStore = findKeyStore(context, input.CustomKeyStoreId);
    throwIfMembersOfOtherType(input, keyStore.record.type);
    const canBeConnected = Object.keys(input).every((member) => changeableWhileConnected.has(member));
    requireConnection(keyStore, 'DISCONNECTED', ...(canBeConnected ? (['CONNECTED'] as const) : []));
    const record = updateRecord(keyStore.record, input, account);
    checkProxy(record, region);
    requireUniqueKeyStore(store, { ...keyStore, record });
    store.keyStores.save({ ...keyStore, record });
  });
  return {};
};

function updateRecord(
  record: KeyStoreRecord,
  input: OperationInput<typeof operation>,
  account: string,
): KeyStoreRecord {
  return {
    ...record,
    name: input.NewCustomKeyStoreName ?? record.name,
    clusterId: input.CloudHsmClusterId ?? record.clusterId,
    proxy: record.proxy && updateProxy(record.proxy, input, account),
  };
}

function updateProxy(
  proxy: NonNullable<KeyStoreRecord['proxy']>,
  input: OperationInput<typeof operation>,
  account: string,
): NonNullable<KeyStoreRecord['proxy']> {
  const connectivity = input.XksProxyConnectivity ?? proxy.Connectivity;
  const isNewConnectivity = connectivity !== proxy.Connectivity;
  if (isNewConnectivity && input.XksProxyUriEndpoint === undefined) {
    throw new KmsError('ValidationException', 'XksProxyUriEndpoint is required to change XksProxyConnectivity.');
  }
  // Switching to a public endpoint removes the VPC endpoint service.
  const service: Partial<typeof proxy> = isNewConnectivity ? {} : proxy;
  const serviceName = input.XksProxyVpcEndpointServiceName ?? service.VpcEndpointServiceName;
  return {
    Connectivity: connectivity,
    AccessKeyId: input.XksProxyAuthenticationCredential?.AccessKeyId ?? proxy.AccessKeyId,
    UriEndpoint: input.XksProxyUriEndpoint ?? proxy.UriEndpoint,
    UriPath: input.XksProxyUriPath ?? proxy.UriPath,
    VpcEndpointServiceName: serviceName,
    VpcEndpointServiceOwner:
      input.XksProxyVpcEndpointServiceOwner ??
      service.VpcEndpointServiceOwner ??
      (serviceName === undefined ? undefined : account),
  };
}
