import { DeleteCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { deleteCustomKeyStore } from './operation.ts';

export const handler = createHandler(deleteCustomKeyStore, DeleteCustomKeyStoreCommand);
