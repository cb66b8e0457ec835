import type { describeCustomKeyStores as operation } from '../../../functions/key-stores/describe-custom-key-stores/operation.ts';
import { throwIfBothPresent } from '../../core/exclusive-members.ts';
import type { KeyStore, KeyStoreEntry } from '../../core/key-store-record.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { createKeyStoreNotFound } from './find-key-store.ts';

export const describeCustomKeyStores: OperationHandler<typeof operation> = (input, { store, account, region }) => {
  const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
  throwIfBothPresent({ CustomKeyStoreId: id, CustomKeyStoreName: name });
  const matching = store.keyStores
    .listByRegion(account, region)
    .filter(({ keyStoreId, record }) => (id ?? keyStoreId) === keyStoreId && (name ?? record.name) === record.name);
  const idOrName = id ?? name;
  if (idOrName !== undefined && matching.length === 0) throw createKeyStoreNotFound(idOrName);
  const { items, NextMarker, Truncated } = paginate(
    `key-stores ${account} ${region}`,
    input,
    { defaultLimit: 100, maxLimit: 1000 },
    (after, count) => matching.filter(({ seq }) => seq > Number(after ?? 0)).slice(0, count),
    ({ seq }) => String(seq),
  );
  return { CustomKeyStores: items.map(toKeyStoreEntry), NextMarker, Truncated };
};

function toKeyStoreEntry({ keyStoreId, record }: KeyStore): KeyStoreEntry {
  return {
    CustomKeyStoreId: keyStoreId,
    CustomKeyStoreName: record.name,
    CloudHsmClusterId: record.clusterId,
    TrustAnchorCertificate: record.trustAnchorCertificate,
    ConnectionState: record.connectionState,
    ConnectionErrorCode: record.connectionErrorCode,
    CreationDate: new Date(record.createdMs),
    CustomKeyStoreType: record.type,
    XksProxyConfiguration: record.proxy,
  };
}
