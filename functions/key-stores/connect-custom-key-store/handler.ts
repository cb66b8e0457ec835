import { ConnectCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { connectCustomKeyStore } from './operation.ts';

export const handler = createHandler(connectCustomKeyStore, ConnectCustomKeyStoreCommand);
