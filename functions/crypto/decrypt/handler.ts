import { DecryptCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { decrypt } from './operation.ts';

export const handler = createHandler(decrypt, DecryptCommand);
