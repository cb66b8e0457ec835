import { GenerateMacCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { generateMacBatch } from './operation.ts';

export const handler = createBatchHandler(generateMacBatch, GenerateMacCommand);
