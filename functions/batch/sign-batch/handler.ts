import { SignCommand } from '@aws-sdk/client-kms';
import { createBatchHandler } from '../items/create-batch-handler.ts';
import { signBatch } from './operation.ts';

export const handler = createBatchHandler(signBatch, SignCommand);
