import { GenerateMacCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { generateMac } from './operation.ts';

export const handler = createHandler(generateMac, GenerateMacCommand);
