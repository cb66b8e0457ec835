import { ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { boundPolicy } from '../../../shared/access/bound-policy.ts';
import { createHandler } from '../../../shared/create-handler.ts';
import { replicateKey } from './operation.ts';

export const handler = createHandler(replicateKey, ReplicateKeyCommand, [boundPolicy]);
