import type { Key } from '../../core/key-record.ts';
import type { KeyStore } from '../../core/key-store-record.ts';
import type { Store } from '../../store/store.ts';
import { findKeyStoreOfKey } from './find-key-store.ts';

/** Connects or disconnects a key store, and updates the state of the keys in it. Call it inside a transaction. */
export function setConnection(store: Store, keyStore: KeyStore, state: 'CONNECTED' | 'DISCONNECTED'): void {
  keyStore.record.connectionState = state;
  delete keyStore.record.connectionErrorCode;
  store.keyStores.save(keyStore);
  updateAvailability(store, keyStore);
}

/**
 * Makes the keys in a disconnected key store Unavailable. If the key store is connected, restores the previous state of
 * its keys. Keys that are pending deletion keep their state
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html). Call it inside a transaction.
 */
export function updateAvailability(store: Store, keyStore: KeyStore): void {
  for (const key of store.keys.listInKeyStore(keyStore.account, keyStore.region, keyStore.keyStoreId)) {
    const { state, stateWhenAvailable } = key.record;
    if (state === 'Enabled' || state === 'Disabled') setKeyState(store, key, state);
    else if (state === 'Unavailable') setKeyState(store, key, stateWhenAvailable ?? 'Enabled');
    store.keys.save(key);
  }
}

/**
 * Enables or disables a key. If the key store is not connected, the key becomes Unavailable, and the new state takes
 * effect when the key store connects. The caller must save the key.
 */
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
