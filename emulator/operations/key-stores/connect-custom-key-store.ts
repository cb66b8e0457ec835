import type { connectCustomKeyStore as operation } from '../../../functions/key-stores/connect-custom-key-store/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { findKeyStore, requireConnection, setConnection } from './find-key-store.ts';

/** AWS takes up to 20 minutes for it; here it is done when the call returns. One that failed is disconnected first. */
export const connectCustomKeyStore: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const keyStore = findKeyStore(context, input.CustomKeyStoreId);
    requireConnection(keyStore, 'DISCONNECTED', 'CONNECTED');
    setConnection(store, keyStore, 'CONNECTED');
  });
  return {};
};
