import { RetireGrantCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { retireGrant } from './operation.ts';

export const handler = createHandler(retireGrant, RetireGrantCommand);
