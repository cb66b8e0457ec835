import { randomBytes } from 'node:crypto';
import type { Key } from '../../core/key-record.ts';
import type { KeyStore, KeyStoreEntry } from '../../core/key-store-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import type { Store } from '../../store/store.ts';

export function generateKeyStoreId(): string {
  return `cks-${randomBytes(9).toString('hex').slice(0, 17)}`;
}

/** Throws CustomKeyStoreNotFoundException. */
export function findKeyStore({ store, account, region }: OperationContext, keyStoreId: string): KeyStore {
  const keyStore = store.keyStores.find(account, region, keyStoreId);
  if (keyStore === undefined) throw createKeyStoreNotFound(keyStoreId);
  return keyStore;
}

export function createKeyStoreNotFound(idOrName: string): KmsError {
  return new KmsError('CustomKeyStoreNotFoundException', `Custom key store ${idOrName} is not found.`);
}

/** Throws CustomKeyStoreInvalidStateException where the connection is in none of these states. */
export function requireConnection({ keyStoreId, record }: KeyStore, ...states: readonly string[]): void {
  if (states.includes(record.connectionState)) return;
  throw new KmsError(
    'CustomKeyStoreInvalidStateException',
    `Custom key store ${keyStoreId} is ${record.connectionState}; this operation needs it ${states.join(' or ')}.`,
  );
}

/** Connects or disconnects a key store, with its keys. Inside a transaction. */
export function setConnection(store: Store, keyStore: KeyStore, state: 'CONNECTED' | 'DISCONNECTED'): void {
  keyStore.record.connectionState = state;
  delete keyStore.record.connectionErrorCode;
  store.keyStores.save(keyStore);
  updateAvailability(store, keyStore);
}

/**
 * The keys of a key store that is not connected are Unavailable, and return to the state that they had; one that waits
 * for its deletion stays so (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html).
 */
export function updateAvailability(store: Store, keyStore: KeyStore): void {
  for (const key of store.keys.listInKeyStore(keyStore.account, keyStore.region, keyStore.keyStoreId)) {
    const { state, stateWhenAvailable } = key.record;
    if (state === 'Enabled' || state === 'Disabled') setKeyState(store, key, state);
    else if (state === 'Unavailable') setKeyState(store, key, stateWhenAvailable ?? 'Enabled');
    store.keys.save(key);
  }
}

/** Enables or disables a key: at once, or, where its key store is not connected, once it is. The caller saves it. */
export function setKeyState(store: Store, key: Key, state: 'Enabled' | 'Disabled'): void {
  const keyStore = findKeyStoreOfKey(store, key);
  if (keyStore === undefined || keyStore.record.connectionState === 'CONNECTED') {
    key.record.state = state;
    delete key.record.stateWhenAvailable;
  } else {
    key.record.state = 'Unavailable';
    key.record.stateWhenAvailable = state;
  }
}

export function findKeyStoreOfKey(store: Store, { account, region, record }: Key): KeyStore | undefined {
  const { customKeyStoreId } = record;
  return customKeyStoreId === undefined ? undefined : store.keyStores.find(account, region, customKeyStoreId);
}

/** An entry of DescribeCustomKeyStores. */
export function toKeyStoreEntry({ keyStoreId, record }: KeyStore): KeyStoreEntry {
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
