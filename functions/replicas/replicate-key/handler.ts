import { ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { guardPolicy } from '../../../shared/authorization/guard-policy.ts';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { replicateKey } from './operation.ts';

export const handler = createHandler(replicateKey, ReplicateKeyCommand, [guardPolicy]);
