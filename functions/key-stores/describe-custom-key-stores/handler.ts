import { DescribeCustomKeyStoresCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { describeCustomKeyStores } from './operation.ts';

export const handler = createHandler(describeCustomKeyStores, DescribeCustomKeyStoresCommand);
