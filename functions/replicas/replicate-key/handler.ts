import { ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/create-handler.ts';
import { replicateKey } from './operation.ts';

export const handler = createHandler(replicateKey, ReplicateKeyCommand);
