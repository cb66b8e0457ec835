import { GenerateDataKeyPairWithoutPlaintextCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { generateDataKeyPairWithoutPlaintext } from './operation.ts';

export const handler = createHandler(generateDataKeyPairWithoutPlaintext, GenerateDataKeyPairWithoutPlaintextCommand);
