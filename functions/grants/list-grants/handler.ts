import { ListGrantsCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listGrants } from './operation.ts';

export const handler = createHandler(listGrants, ListGrantsCommand);
