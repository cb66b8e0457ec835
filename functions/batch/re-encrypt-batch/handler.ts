import { ReEncryptCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { reEncryptBatch } from './operation.ts';

export const handler = createBatchHandler(reEncryptBatch, ReEncryptCommand);
