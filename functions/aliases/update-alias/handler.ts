import { UpdateAliasCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { updateAlias } from './operation.ts';

export const handler = createHandler(updateAlias, UpdateAliasCommand);
