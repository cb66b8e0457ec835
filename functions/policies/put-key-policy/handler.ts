import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { guardPolicy } from '../../../shared/authorization/guard-policy.ts';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { putKeyPolicy } from './operation.ts';

export const handler = createHandler(putKeyPolicy, PutKeyPolicyCommand, [guardPolicy]);
