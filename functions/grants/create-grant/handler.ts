import { CreateGrantCommand } from '@aws-sdk/client-kms';
import { boundGrant } from '../../../shared/access/bound-grant.ts';
import { createHandler } from '../../../shared/create-handler.ts';
import { createGrant } from './operation.ts';

export const handler = createHandler(createGrant, CreateGrantCommand, [boundGrant]);
