import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { putKeyPolicy } from './operation.ts';

export const handler = createHandler(putKeyPolicy, PutKeyPolicyCommand);
