import { DisconnectCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { disconnectCustomKeyStore } from './operation.ts';

export const handler = createHandler(disconnectCustomKeyStore, DisconnectCustomKeyStoreCommand);
