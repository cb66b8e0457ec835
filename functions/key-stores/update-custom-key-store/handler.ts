import { UpdateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { updateCustomKeyStore } from './operation.ts';

export const handler = createHandler(updateCustomKeyStore, UpdateCustomKeyStoreCommand);
