import { DescribeCustomKeyStoresCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { describeCustomKeyStores } from './operation.ts';

export const handler = createHandler(describeCustomKeyStores, DescribeCustomKeyStoresCommand);
