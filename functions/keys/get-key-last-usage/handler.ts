import { GetKeyLastUsageCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { getKeyLastUsage } from './operation.ts';

export const handler = createHandler(getKeyLastUsage, GetKeyLastUsageCommand);
