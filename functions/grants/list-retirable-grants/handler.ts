import { ListRetirableGrantsCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { listRetirableGrants } from './operation.ts';

export const handler = createHandler(listRetirableGrants, ListRetirableGrantsCommand);
