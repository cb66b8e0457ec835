import { randomBytes } from 'node:crypto';
import type { createCustomKeyStore as operation } from '../../../functions/key-stores/create-custom-key-store/operation.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import type { KeyStoreRecord } from '../../core/key-store-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import {
  checkProxy,
  checkTrustAnchor,
  requireMembersOfType,
  requireUniqueKeyStore,
  throwIfMembersOfOtherType,
} from './key-store-rules.ts';

/**
 * The maximum number of custom key stores per account and Region
 * (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
 */
const maxKeyStores = 10;

/**
 * Creates a key store without contacting a cluster or proxy. The emulator therefore never reports a problem with the
 * cluster or proxy, such as an inactive cluster, an unreachable proxy or a rejected credential.
 */
export const createCustomKeyStore: OperationHandler<typeof operation> = (input, { store, clock, account, region }) => {
  const type = input.CustomKeyStoreType ?? 'AWS_CLOUDHSM';
  throwIfMembersOfOtherType(input, type);
  requireMembersOfType(input, type);
  const record = buildRecord(input, type, account, clock.now());
  checkProxy(record, region);
  const keyStoreId = generateKeyStoreId();
  store.write(() => {
    if (store.keyStores.listByRegion(account, region).length >= maxKeyStores) {
      throw new KmsError(
        'LimitExceededException',
        `Custom key store quota for this account in this region is ${maxKeyStores}.`,
      );
    }
    requireUniqueKeyStore(store, { account, region, record });
    if (record.trustAnchorCertificate !== undefined) checkTrustAnchor(record.trustAnchorCertificate);
    store.keyStores.insert(account, region, keyStoreId, record);
  });
  return { CustomKeyStoreId: keyStoreId };
};

type Input = OperationInput<typeof operation>;
type RequiredProxyMembers = {
  readonly [Member in 'XksProxyConnectivity' | 'XksProxyUriEndpoint' | 'XksProxyUriPath']: NonNullable<Input[Member]>;
};

function generateKeyStoreId(): string {
  return `cks-${randomBytes(9).toString('hex').slice(0, 17)}`;
}

function buildRecord(input: Input, type: KeyStoreRecord['type'], account: string, createdMs: number): KeyStoreRecord {
  const record = { name: input.CustomKeyStoreName, type, createdMs, connectionState: 'DISCONNECTED' as const };
  if (type === 'AWS_CLOUDHSM') {
    return { ...record, clusterId: input.CloudHsmClusterId, trustAnchorCertificate: input.TrustAnchorCertificate };
  }
  // requireMembersOfType has checked that the request contains these members.
  const { XksProxyConnectivity, XksProxyUriEndpoint, XksProxyUriPath } = input as RequiredProxyMembers;
  const service = input.XksProxyVpcEndpointServiceName;
  return {
    ...record,
    proxy: {
      Connectivity: XksProxyConnectivity,
      AccessKeyId: input.XksProxyAuthenticationCredential?.AccessKeyId,
      UriEndpoint: XksProxyUriEndpoint,
      UriPath: XksProxyUriPath,
      VpcEndpointServiceName: service,
      VpcEndpointServiceOwner: input.XksProxyVpcEndpointServiceOwner ?? (service === undefined ? undefined : account),
    },
  };
}
