import type { Key } from '../../core/key-record.ts';
import type { KeyStore, KeyStoreRecord } from '../../core/key-store-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import type { Store } from '../../store/store.ts';

/**
 * Finds a key store in the caller's account and Region. Throws CustomKeyStoreNotFoundException if it does not exist.
 */
export function findKeyStore({ store, account, region }: OperationContext, keyStoreId: string): KeyStore {
  const keyStore = store.keyStores.find(account, region, keyStoreId);
  if (keyStore === undefined) throw createKeyStoreNotFound(keyStoreId);
  return keyStore;
}

/** Returns the key store that contains a key, or `undefined` if the key is not in a custom key store. */
export function findKeyStoreOfKey(store: Store, { account, region, record }: Key): KeyStore | undefined {
  const { customKeyStoreId } = record;
  return customKeyStoreId === undefined ? undefined : store.keyStores.find(account, region, customKeyStoreId);
}

export function createKeyStoreNotFound(idOrName: string): KmsError {
  return new KmsError('CustomKeyStoreNotFoundException', `Custom key store ${idOrName} is not found.`);
}

/** Throws CustomKeyStoreInvalidStateException unless the key store is in one of these connection states. */
export function requireConnection(
  { keyStoreId, record }: KeyStore,
  ...states: readonly KeyStoreRecord['connectionState'][]
): void {
  if (states.includes(record.connectionState)) return;
  throw new KmsError(
    'CustomKeyStoreInvalidStateException',
    `Custom key store ${keyStoreId} is ${record.connectionState}; this operation requires it to be ${states.join(' or ')}.`,
  );
}
