import { SignCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { sign } from './operation.ts';

export const handler = createHandler(sign, SignCommand);
