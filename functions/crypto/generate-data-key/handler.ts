import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { generateDataKey } from './operation.ts';

export const handler = createHandler(generateDataKey, GenerateDataKeyCommand);
