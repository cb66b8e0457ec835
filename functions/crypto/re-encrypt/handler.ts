import { ReEncryptCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { reEncrypt } from './operation.ts';

export const handler = createHandler(reEncrypt, ReEncryptCommand);
