import { CreateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { createCustomKeyStore } from './operation.ts';

export const handler = createHandler(createCustomKeyStore, CreateCustomKeyStoreCommand);
