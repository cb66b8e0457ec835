import { ListRetirableGrantsCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listRetirableGrants } from './operation.ts';

export const handler = createHandler(listRetirableGrants, ListRetirableGrantsCommand);
