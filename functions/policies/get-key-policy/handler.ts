import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { getKeyPolicy } from './operation.ts';

export const handler = createHandler(getKeyPolicy, GetKeyPolicyCommand);
