import { CreateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { createCustomKeyStore } from './operation.ts';

export const handler = createHandler(createCustomKeyStore, CreateCustomKeyStoreCommand);
