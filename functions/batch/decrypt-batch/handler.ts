import { DecryptCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { decryptBatch } from './operation.ts';

export const handler = createBatchHandler(decryptBatch, DecryptCommand);
