import { EnableKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { enableKey } from './operation.ts';

export const handler = createHandler(enableKey, EnableKeyCommand);
