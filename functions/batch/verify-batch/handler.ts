import { VerifyCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { verifyBatch } from './operation.ts';

export const handler = createBatchHandler(verifyBatch, VerifyCommand);
