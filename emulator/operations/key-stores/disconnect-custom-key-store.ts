import type { disconnectCustomKeyStore as operation } from '../../../functions/key-stores/disconnect-custom-key-store/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection } from './find-key-store.ts';
import { setConnection } from './key-store-connection.ts';

export const disconnectCustomKeyStore: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const keyStore = findKeyStore(context, input.CustomKeyStoreId);
    requireConnection(keyStore, 'CONNECTED', 'FAILED');
    setConnection(store, keyStore, 'DISCONNECTED');
  });
  return {};
};
