import { EncryptCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { encryptBatch } from './operation.ts';

export const handler = createBatchHandler(encryptBatch, EncryptCommand);
