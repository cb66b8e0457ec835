import { GenerateRandomCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { generateRandom } from './operation.ts';

export const handler = createHandler(generateRandom, GenerateRandomCommand);
