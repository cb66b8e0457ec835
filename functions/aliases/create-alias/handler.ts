import { CreateAliasCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { createAlias } from './operation.ts';

export const handler = createHandler(createAlias, CreateAliasCommand);
