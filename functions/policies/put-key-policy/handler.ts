import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { boundPolicy } from '../../../shared/access/bound-policy.ts';
import { createHandler } from '../../../shared/create-handler.ts';
import { putKeyPolicy } from './operation.ts';

export const handler = createHandler(putKeyPolicy, PutKeyPolicyCommand, [boundPolicy]);
