import { VerifyMacCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { verifyMacBatch } from './operation.ts';

export const handler = createBatchHandler(verifyMacBatch, VerifyMacCommand);
