import { UpdateKeyDescriptionCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { updateKeyDescription } from './operation.ts';

export const handler = createHandler(updateKeyDescription, UpdateKeyDescriptionCommand);
