import { GenerateDataKeyPairCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { generateDataKeyPair } from './operation.ts';

export const handler = createHandler(generateDataKeyPair, GenerateDataKeyPairCommand);
