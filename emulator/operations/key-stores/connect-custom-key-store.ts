import type { connectCustomKeyStore as operation } from '../../../functions/key-stores/connect-custom-key-store/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection } from './find-key-store.ts';
import { setConnection } from './key-store-connection.ts';

/**
 * Connects the key store before the call returns. In AWS KMS, connecting takes up to 20 minutes. If a connection has
 * failed, the caller must disconnect the key store first.
 */
export const connectCustomKeyStore: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const keyStore = findKeyStore(context, input.CustomKeyStoreId);
    requireConnection(keyStore, 'DISCONNECTED', 'CONNECTED');
    setConnection(store, keyStore, 'CONNECTED');
  });
  return {};
};
