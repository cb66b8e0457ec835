import { CreateGrantCommand } from '@aws-sdk/client-kms';
import { guardGrant } from '../../../shared/authorization/guard-grant.ts';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { createGrant } from './operation.ts';

export const handler = createHandler(createGrant, CreateGrantCommand, [guardGrant]);
