import { GenerateDataKeyWithoutPlaintextCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { generateDataKeyWithoutPlaintext } from './operation.ts';

export const handler = createHandler(generateDataKeyWithoutPlaintext, GenerateDataKeyWithoutPlaintextCommand);
