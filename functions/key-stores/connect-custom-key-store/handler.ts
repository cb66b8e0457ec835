import { ConnectCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { connectCustomKeyStore } from './operation.ts';

export const handler = createHandler(connectCustomKeyStore, ConnectCustomKeyStoreCommand);
