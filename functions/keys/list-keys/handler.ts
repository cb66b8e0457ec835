import { ListKeysCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listKeys } from './operation.ts';

export const handler = createHandler(listKeys, ListKeysCommand);
