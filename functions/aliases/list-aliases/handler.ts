import { ListAliasesCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { listAliases } from './operation.ts';

export const handler = createHandler(listAliases, ListAliasesCommand);
