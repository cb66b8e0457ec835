import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { generateDataKeyBatch } from './operation.ts';

export const handler = createBatchHandler(generateDataKeyBatch, GenerateDataKeyCommand);
