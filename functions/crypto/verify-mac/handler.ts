import { VerifyMacCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { verifyMac } from './operation.ts';

export const handler = createHandler(verifyMac, VerifyMacCommand);
