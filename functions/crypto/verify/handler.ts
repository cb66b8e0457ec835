import { VerifyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { verify } from './operation.ts';

export const handler = createHandler(verify, VerifyCommand);
