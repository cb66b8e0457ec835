import { EncryptCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { encrypt } from './operation.ts';

export const handler = createHandler(encrypt, EncryptCommand);
