import { DeleteCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { deleteCustomKeyStore } from './operation.ts';

export const handler = createHandler(deleteCustomKeyStore, DeleteCustomKeyStoreCommand);
