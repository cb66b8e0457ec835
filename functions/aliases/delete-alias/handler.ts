import { DeleteAliasCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { deleteAlias } from './operation.ts';

export const handler = createHandler(deleteAlias, DeleteAliasCommand);
