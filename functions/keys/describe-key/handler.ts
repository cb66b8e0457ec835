import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { describeKey } from './operation.ts';

export const handler = createHandler(describeKey, DescribeKeyCommand);
