import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { describeKey } from './operation.ts';

export const handler = createHandler(describeKey, DescribeKeyCommand);
