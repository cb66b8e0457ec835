import { VerifyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { verify } from './operation.ts';

export const handler = createHandler(verify, VerifyCommand);
