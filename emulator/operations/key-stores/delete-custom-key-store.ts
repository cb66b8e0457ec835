import type { deleteCustomKeyStore as operation } from '../../../functions/key-stores/delete-custom-key-store/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection } from './find-key-store.ts';

/** Deletes a key store that contains no keys. A key that is pending deletion still counts as a key in the key store. */
export const deleteCustomKeyStore: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region } = context;
  store.write(() => {
    const keyStore = findKeyStore(context, input.CustomKeyStoreId);
    requireConnection(keyStore, 'DISCONNECTED');
    if (store.keys.listInKeyStore(account, region, keyStore.keyStoreId).length > 0) {
      throw new KmsError('CustomKeyStoreHasCMKsException', `Custom key store ${keyStore.keyStoreId} has KMS keys.`);
    }
    store.keyStores.remove(keyStore);
  });
  return {};
};
