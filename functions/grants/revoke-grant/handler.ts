import { RevokeGrantCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { revokeGrant } from './operation.ts';

export const handler = createHandler(revokeGrant, RevokeGrantCommand);
