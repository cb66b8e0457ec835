import { defaultAccount } from '../core/credential.ts';
import type { KeyStoreRecord } from '../core/key-store-record.ts';
import { updateAvailability } from '../operations/key-stores/key-store-connection.ts';
import type { Store } from '../store/store.ts';
import { defaultCreationMs, defaultRegion, resolveAccountAndRegion } from './seed-defaults.ts';
import type { SeedKeyStore } from './seed-key-store.ts';

/**
 * Creates a custom key store. If the key store already exists, resets it to the seed unless `onlyIfAbsent` is true. The
 * key store's connection determines whether its keys are available. Call it inside a transaction.
 */
export function applyKeyStore(store: Store, entry: SeedKeyStore, { onlyIfAbsent }: { onlyIfAbsent: boolean }): void {
  const { CustomKeyStoreId: id } = entry;
  const [account, region] = resolveAccountAndRegion(entry);
  const found = store.keyStores.find(account, region, id);
  if (found === undefined) store.keyStores.insert(account, region, id, buildRecord(entry));
  else if (!onlyIfAbsent) {
    const keyStore = { ...found, record: buildRecord(entry) };
    store.keyStores.save(keyStore);
    updateAvailability(store, keyStore);
  }
}

/**
 * Removes the custom key store with this name from the default account and Region, unless it contains keys. Call it
 * inside a transaction.
 */
export function removeKeyStore(store: Store, name: string): void {
  const [account, region] = [defaultAccount, defaultRegion];
  for (const keyStore of store.keyStores.listByRegion(account, region)) {
    const isEmpty = store.keys.listInKeyStore(account, region, keyStore.keyStoreId).length === 0;
    if (keyStore.record.name === name && isEmpty) store.keyStores.remove(keyStore);
  }
}

function buildRecord(entry: SeedKeyStore): KeyStoreRecord {
  const record: KeyStoreRecord = {
    name: entry.CustomKeyStoreName,
    type: entry.CustomKeyStoreType,
    createdMs: entry.CreationDate?.getTime() ?? defaultCreationMs,
    connectionState: entry.ConnectionState,
    clusterId: entry.CloudHsmClusterId,
    trustAnchorCertificate: entry.TrustAnchorCertificate,
    proxy: entry.XksProxyConfiguration,
  };
  if (entry.ConnectionState === 'FAILED') record.connectionErrorCode = entry.ConnectionErrorCode ?? 'INTERNAL_ERROR';
  return record;
}
