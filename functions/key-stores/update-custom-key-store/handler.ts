import { UpdateCustomKeyStoreCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { updateCustomKeyStore } from './operation.ts';

export const handler = createHandler(updateCustomKeyStore, UpdateCustomKeyStoreCommand);
