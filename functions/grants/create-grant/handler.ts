import { CreateGrantCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { createGrant } from './operation.ts';

export const handler = createHandler(createGrant, CreateGrantCommand);
